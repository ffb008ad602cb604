"""Warnings in yellow, orange and red (R137): one open for each rule and customer, with its readings, cause and measure, closed when another has verified."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models import Customer, Tier
from crm.customers.warnings import warning_measures
from portal.organization.models import Department


class Level(models.TextChoices):
    NONE = "", pgettext_lazy("of a warning", "eased")
    YELLOW = "yellow", pgettext_lazy("of a warning", "yellow")
    ORANGE = "orange", pgettext_lazy("of a warning", "orange")
    RED = "red", pgettext_lazy("of a warning", "red")


class WarningRule(models.Model):
    """What is measured, and from when on it is which level, for a tier or for all others. It falls only when it is `hysteresis` below a level's bound."""

    measure = models.CharField(_("measure"), max_length=40)
    tier = models.CharField(_("tier"), max_length=12, choices=Tier, blank=True)
    yellow = models.BigIntegerField(_("yellow from"))
    orange = models.BigIntegerField(_("orange from"))
    red = models.BigIntegerField(_("red from"))
    hysteresis = models.BigIntegerField(_("falls when so much below"), default=0)
    is_on = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("rule of warnings")
        verbose_name_plural = _("rules of warnings")
        ordering = ["measure", "tier"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "tier"], name="one_warning_rule_of_a_tier"),
            models.CheckConstraint(name="warning_levels_rise", condition=Q(yellow__gte=1, orange__gte=F("yellow"), red__gte=F("orange"), red__lte=10**13)),
            models.CheckConstraint(name="warning_falls_below_its_bound", condition=Q(hysteresis__gte=0, hysteresis__lt=F("yellow"))),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.get_tier_display()}".strip()

    @property
    def label(self) -> str:
        known = warning_measures().get(self.measure)
        return str(known.label) if known is not None else self.measure


class CustomerWarning(models.Model):
    """`value` and `level` are those of the last reading. Whoever owns it says cause and measure; it is closed by who verified, never by the owner."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a warning", "open")
        TREATED = "treated", pgettext_lazy("of a warning", "to be verified")
        CLOSED = "closed", pgettext_lazy("of a warning", "closed")

    rule = models.ForeignKey(WarningRule, verbose_name=_("rule"), on_delete=models.PROTECT, related_name="warnings")
    measure = models.CharField(_("measure"), max_length=40)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="warnings")
    level = models.CharField(_("level"), max_length=6, choices=Level, blank=True)
    rank = models.PositiveSmallIntegerField(default=0, editable=False)
    value = models.BigIntegerField(_("value"))
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("owned by"), on_delete=models.PROTECT, related_name="warnings_owned")
    department = models.ForeignKey(Department, verbose_name=_("department"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("raised"), default=timezone.now)
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by")
    cause = models.CharField(_("cause"), max_length=500, blank=True)
    treatment = models.CharField(_("measure taken"), max_length=500, blank=True)
    treated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verified_text = models.CharField(_("what was found"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("of a customer", "warning")
        verbose_name_plural = pgettext_lazy("of a customer", "warnings")
        ordering = ["-rank", "opened_at", "id"]
        indexes = [
            models.Index(fields=["-rank", "id"], name="warning_worst"),
            models.Index(fields=["customer"], name="warning_of_customer"),
            models.Index(fields=["-opened_at", "-id"], name="warning_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["measure", "customer"], condition=~Q(state="closed"), name="one_open_warning"),
            models.CheckConstraint(
                name="warning_treated_says_how", condition=Q(state="open") | (~Q(cause="") & ~Q(treatment="") & Q(treated_by__isnull=False))
            ),
            models.CheckConstraint(
                name="warning_closed_is_verified",
                condition=(Q(state="closed", closed_at__isnull=False, verified_by__isnull=False) & ~Q(verified_by=F("owner")) & ~Q(verified_by=F("treated_by")))
                | (~Q(state="closed") & Q(closed_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.customer}"

    def get_absolute_url(self) -> str:
        return reverse("crm:warning_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state != self.State.CLOSED

    @property
    def label(self) -> str:
        known = warning_measures().get(self.measure)
        return str(known.label) if known is not None else self.measure


class WarningReading(models.Model):
    """What was read on a day. One a day; it only grows."""

    warning = models.ForeignKey(CustomerWarning, on_delete=models.PROTECT, related_name="readings")
    day = models.DateField()
    value = models.BigIntegerField()
    level = models.CharField(max_length=6, choices=Level, blank=True)

    class Meta:
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["warning", "day", "value"], name="one_reading_of_a_value_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.value}"
