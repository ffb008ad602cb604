"""A lead is what somebody heard; an opportunity is a sale that may come about, at a customer. Its stages only grow in number (`StageSpan`)."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models import Product
from crm.customers.models import Customer, Portfolio
from crm.sales.models.stages import SaleKind, Stage
from portal.organization.models import Department

MOST_FEN = 10**10 - 1  # below a hundred million yuan
LONGEST = 2_000


class InstantRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class Rival(models.Model):
    """Who competes for an opportunity."""

    name = models.CharField(pgettext_lazy("of a rival", "name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("rival")
        verbose_name_plural = _("rivals")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Opportunity(models.Model):
    """`stage`, `stage_since` and `furthest` follow from its spans. `owner` and `department` answered for it when it was opened; its figures stay theirs."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of an opportunity", "open")
        WON = "won", pgettext_lazy("of an opportunity", "won")
        LOST = "lost", pgettext_lazy("of an opportunity", "lost")

    class Cause(models.TextChoices):
        PRICE = "price", pgettext_lazy("why won or lost", "price")
        SUPPLY = "supply", _("supply of goods")
        RIVAL = "rival", _("what a rival offered")
        QUALITY = "quality", pgettext_lazy("why won or lost", "quality")
        SERVICE = "service", pgettext_lazy("why won or lost", "service")
        RELATION = "relation", _("relation with the customer")
        SPEED = "speed", _("how fast we were")
        CUSTOMER = "customer", _("the customer's own plans")
        OTHER = "other", pgettext_lazy("why won or lost", "other")

    name = models.CharField(pgettext_lazy("of an opportunity", "name"), max_length=100)
    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="opportunities")
    kind = models.CharField(_("kind of selling"), max_length=16, choices=SaleKind)
    stage = models.ForeignKey(Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="opportunities")
    stage_since = models.DateTimeField(default=timezone.now, editable=False)
    furthest = models.ForeignKey(Stage, verbose_name=_("furthest stage"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=4, choices=State, default=State.OPEN)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("answers for it"), on_delete=models.PROTECT, related_name="opportunities")
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(_("sum"))
    opened_on = models.DateField(_("opened on"))
    expected_on = models.DateField(_("expected on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    rivals = models.ManyToManyField(Rival, verbose_name=_("rivals"), related_name="opportunities", blank=True)
    cause = models.CharField(_("cause"), max_length=8, choices=Cause, blank=True)
    cause_text = models.CharField(_("how it came"), max_length=500, blank=True)
    next_step = models.CharField(_("what is next"), max_length=200, blank=True)
    next_on = models.DateField(_("next until"), null=True, blank=True)
    next_told_for = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        ordering = ["-opened_on", "-id"]
        indexes = [
            models.Index(fields=["-opened_on", "-id"], name="opportunity_newest"),
            models.Index(fields=["customer", "-opened_on"], name="opportunity_of_customer"),
            models.Index(fields=["stage", "expected_on", "id"], condition=Q(state="open"), name="opportunity_on_board"),
            models.Index(fields=["expected_on", "id"], name="opportunity_expected"),
        ]
        constraints = [
            models.CheckConstraint(name="opportunity_has_a_sum", condition=Q(amount__gte=1, amount__lte=MOST_FEN)),
            models.CheckConstraint(
                name="opportunity_closes_with_a_cause",
                condition=Q(state="open", closed_on__isnull=True, cause="") | (~Q(state="open") & Q(closed_on__isnull=False) & ~Q(cause="")),
            ),
            models.CheckConstraint(name="opportunity_closes_after_opening", condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on"))),
            models.CheckConstraint(
                name="opportunity_next_has_a_day", condition=Q(next_on__isnull=True, next_step="") | (Q(next_on__isnull=False) & ~Q(next_step=""))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("crm:opportunity_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class StageSpan(models.Model):
    """From when to when an opportunity was in a stage, and who put it there. Spans do not overlap; one is open while the opportunity is; none is changed."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="spans")
    stage = models.ForeignKey(Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="spans")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("time in a stage")
        ordering = ["entered_at", "id"]
        indexes = [models.Index(fields=["opportunity", "entered_at"], name="stage_span_of_opportunity")]
        constraints = [
            models.CheckConstraint(name="stage_span_ends_after_start", condition=Q(left_at__isnull=True) | Q(left_at__gte=F("entered_at"))),
            ExclusionConstraint(
                name="one_stage_at_a_time",
                expressions=[(InstantRange("entered_at", "left_at"), RangeOperators.OVERLAPS), ("opportunity", RangeOperators.EQUAL)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.entered_at:%Y-%m-%d}"


class Step(models.Model):
    """What was done for an opportunity. Written once."""

    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="steps")
    text = models.TextField(_("what was done"), max_length=LONGEST)
    at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("step of an opportunity")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.text[:40]


class Lead(models.Model):
    """Somebody may want something. It is of a portfolio; of a customer once that is known. What comes of it is linked, never copied away.

    `origin` says out of what it came, where another app handed it over (`crm.customers.needs`).
    """

    class Source(models.TextChoices):
        VISIT = "visit", _("visit")
        CALL = "call", pgettext_lazy("by telephone", "call")
        FAIR = "fair", _("fair or event")
        REFERRAL = "referral", _("recommended by a customer")
        SERVICE = "service", pgettext_lazy("of a lead", "service")
        OTHER = "other", pgettext_lazy("of a lead", "other")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("of a lead", "waiting")
        TAKEN = "taken", _("became an opportunity")
        DROPPED = "dropped", _("dropped")

    name = models.CharField(_("who"), max_length=100)
    text = models.CharField(_("what they want"), max_length=500)
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.VISIT)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    portfolio = models.ForeignKey(Portfolio, verbose_name=_("portfolio"), on_delete=models.PROTECT, related_name="leads")
    opportunity = models.OneToOneField(Opportunity, null=True, blank=True, on_delete=models.PROTECT, related_name="lead")
    dropped_because = models.CharField(_("why dropped"), max_length=200, blank=True)
    origin = models.CharField(max_length=40, blank=True, editable=False)
    noted_on = models.DateField(_("noted on"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("noted by"), on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        ordering = ["-noted_on", "-id"]
        indexes = [models.Index(fields=["-noted_on", "-id"], name="lead_newest")]
        constraints = [
            models.CheckConstraint(
                name="lead_taken_is_linked", condition=Q(state="taken", opportunity__isnull=False) | (~Q(state="taken") & Q(opportunity__isnull=True))
            )
        ]

    def __str__(self) -> str:
        return self.name
