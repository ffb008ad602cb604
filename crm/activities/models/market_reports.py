"""Reports on the market with standard questions: called for by a head, one for each portfolio, graded for speed and accuracy (R164)."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models import Portfolio
from portal.organization.models import Department

LONGEST = 2_000
LEAST, MOST = 1, 5


class MarketCall(models.Model):
    """Reports of one kind on a period, of a department and all below it. `late_days` are the working days after the due day, by the calendar as it is."""

    class Kind(models.TextChoices):
        USERS = "users", pgettext_lazy("of a market report", "users")
        RIVALS = "rivals", pgettext_lazy("of a market report", "rivals")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    due_on = models.DateField(_("due on"))
    late_from = models.DateField(editable=False)
    late_days = ArrayField(models.DateField(), editable=False)
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    words = models.CharField(_("what to look at above all"), max_length=300, blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("called for by"), on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(_("called for"), default=timezone.now)

    class Meta:
        verbose_name = _("call for market reports")
        verbose_name_plural = _("calls for market reports")
        ordering = ["-due_on", "-id"]
        indexes = [models.Index(fields=["-due_on", "-id"], name="market_call_newest")]
        constraints = [
            models.UniqueConstraint(fields=["department", "kind", "first_day", "last_day"], name="market_called_once"),
            models.CheckConstraint(
                name="market_call_days",
                condition=Q(first_day__lte=F("last_day"), due_on__gte=F("last_day"), late_from__gt=F("due_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("crm:market_call_detail", args=[self.pk])

    @property
    def period(self) -> str:
        return f"{self.first_day:%Y-%m-%d} – {self.last_day:%Y-%m-%d}"


class MarketReport(models.Model):
    """Owed by whoever holds the portfolio; once handed in its writer's. `handed_in_on` is the day by the plant's clock, against which speed is reckoned."""

    class State(models.TextChoices):
        OWED = "owed", pgettext_lazy("of a market report", "owed")
        HANDED_IN = "handed_in", pgettext_lazy("of a market report", "handed in")
        GRADED = "graded", pgettext_lazy("of a market report", "graded")

    call = models.ForeignKey(MarketCall, verbose_name=_("call for market reports"), on_delete=models.PROTECT, related_name="reports")
    portfolio = models.ForeignKey(Portfolio, verbose_name=_("portfolio"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OWED)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("written by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(pgettext_lazy("when", "handed in"), null=True, blank=True)
    handed_in_on = models.DateField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    sells = models.TextField(_("what sells and what does not"), max_length=LONGEST, blank=True)
    stock = models.TextField(_("stock at the customers"), max_length=LONGEST, blank=True)
    demands = models.TextField(_("what is asked for"), max_length=LONGEST, blank=True)
    opinions = models.TextField(_("what customers say"), max_length=LONGEST, blank=True)
    moves = models.TextField(_("what makers did"), max_length=LONGEST, blank=True)
    prices = models.TextField(_("prices seen"), max_length=LONGEST, blank=True)
    promotions = models.TextField(_("promotions of rivals"), max_length=LONGEST, blank=True)
    strength = models.TextField(_("strong and weak sides of rivals"), max_length=LONGEST, blank=True)
    outlook = models.TextField(_("outlook, and what we should do"), max_length=LONGEST, blank=True)
    accuracy = models.PositiveSmallIntegerField(_("accuracy"), null=True, blank=True)
    verdict = models.CharField(_("why this grade"), max_length=300, blank=True)
    graded_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("graded by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    graded_at = models.DateTimeField(pgettext_lazy("when", "graded"), null=True, blank=True)

    class Meta:
        verbose_name = _("market report")
        verbose_name_plural = _("market reports")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["portfolio", "-id"], name="market_report_of_portfolio"),
            models.Index(fields=["writer", "-id"], name="market_report_of_writer"),
            models.Index(fields=["call"], condition=Q(state="owed"), name="market_report_owed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["call", "portfolio"], name="one_market_report_of_a_portfolio"),
            models.CheckConstraint(
                name="market_report_has_a_writer",
                condition=Q(state="owed", writer__isnull=True, handed_in_at__isnull=True, handed_in_on__isnull=True)
                | Q(state__in=("handed_in", "graded"), writer__isnull=False, handed_in_at__isnull=False, handed_in_on__isnull=False),
            ),
            models.CheckConstraint(
                name="market_report_graded_with_a_word",
                condition=(Q(accuracy__isnull=True, verdict="", graded_by__isnull=True, graded_at__isnull=True) & ~Q(state="graded"))
                | (Q(state="graded", accuracy__gte=LEAST, accuracy__lte=MOST, graded_by__isnull=False, graded_at__isnull=False) & ~Q(verdict="")),
            ),
            models.CheckConstraint(name="market_report_graded_by_another", condition=Q(graded_by__isnull=True) | ~Q(graded_by=F("writer"))),
        ]

    def __str__(self) -> str:
        return f"{self.call} · {self.portfolio}"

    def get_absolute_url(self) -> str:
        return reverse("crm:market_report_detail", args=[self.pk])

    @property
    def is_owed(self) -> bool:
        return self.state == self.State.OWED

    @property
    def wording(self) -> str:
        """Which wording it is, for who judges what they have read."""
        at = self.changed_at or self.handed_in_at
        return at.isoformat() if at is not None else ""


class MarketReturn(models.Model):
    """A report was sent back for more: with what it said, who had written it and when. It only grows."""

    report = models.ForeignKey(MarketReport, on_delete=models.PROTECT, related_name="returns")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    said = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("market report that was sent back")
        verbose_name_plural = _("market reports that were sent back")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(name="market_return_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="market_return_by_another", condition=~Q(by=F("writer"))),
        ]

    def __str__(self) -> str:
        return self.reason[:40]


QUESTIONS: dict[str, tuple[str, ...]] = {
    MarketCall.Kind.USERS: ("sells", "stock", "demands", "opinions", "outlook"),
    MarketCall.Kind.RIVALS: ("moves", "prices", "promotions", "strength", "outlook"),
}


def question(name: str) -> str:
    """A question in words, of the field that holds its answer."""
    field: Any = MarketReport._meta.get_field(name)
    return capfirst(str(field.verbose_name))
