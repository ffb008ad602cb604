"""Tiers of customers: dated facts, each with the paper by which a committee decided them."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.models.customers import Customer, Stage
from portal.approvals.models import Paper
from portal.foundation.history import versions_of
from portal.organization.models import DateRange
from portal.organization.querysets import DatedQuerySet

TIER = """
    SELECT span.tier FROM customers_tierspan span JOIN customers_tierdecision decision ON decision.id = span.decision_id
    JOIN approvals_paper paper ON paper.id = decision.paper_id
    WHERE span.customer_id = %s AND %s BETWEEN span.starts_on AND span.ends_on AND paper.state = %s LIMIT 1
"""
LEAST_GRADE, GREATEST_GRADE = 1, 30


class Tier(models.TextChoices):
    STRATEGIC = "strategic", pgettext_lazy("of customers", "strategic")
    KEY = "key", pgettext_lazy("of customers", "key")
    ORDINARY = "ordinary", pgettext_lazy("of customers", "ordinary")
    POTENTIAL = "potential", pgettext_lazy("of customers", "potential")


class TierDecision(models.Model):
    """What one approved paper decided, from a day to a day (both included). Where the paper is void, so are its tiers."""

    paper = models.OneToOneField(Paper, verbose_name=_("paper"), on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("decision on tiers")
        verbose_name_plural = _("decisions on tiers")
        ordering = ["-starts_on", "-id"]
        constraints = [models.CheckConstraint(name="tier_decision_ends_after_start", condition=Q(ends_on__gte=F("starts_on")))]

    def __str__(self) -> str:
        return f"{self.paper.number or self.paper.title} ({self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d})"


class TierSpan(models.Model):
    """A customer's tier, and beside it the grade by which scarce goods are allotted (档位 1-30), from a day to a day."""

    customer = models.ForeignKey(Customer, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="tiers")
    tier = models.CharField(_("tier"), max_length=12, choices=Tier)
    grade = models.PositiveSmallIntegerField(_("grade"), null=True, blank=True, validators=[MinValueValidator(LEAST_GRADE), MaxValueValidator(GREATEST_GRADE)])
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    decision = models.ForeignKey(TierDecision, verbose_name=_("decision"), on_delete=models.PROTECT, related_name="spans")

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("tier of a customer")
        verbose_name_plural = _("tiers of customers")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["customer", "-starts_on"], name="tier_of_customer")]
        constraints = [
            models.CheckConstraint(name="tier_span_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="tier_span_grade", condition=Q(grade__isnull=True) | Q(grade__gte=LEAST_GRADE, grade__lte=GREATEST_GRADE)),
            ExclusionConstraint(
                name="one_tier_at_a_time",
                expressions=[
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)), RangeOperators.OVERLAPS),
                    ("customer", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.grade or ''}".strip()


def spans_on(day: date) -> QuerySet[TierSpan]:
    """Those that hold on a day: what a paper decided that is approved, and not void since."""
    return TierSpan.objects.on(day).filter(decision__paper__state=Paper.State.APPROVED)


def tier_on(day: date, customer_id: int) -> str:
    """That of `spans_on` for one customer; nothing without one. Each order asks it, so its statement is written already."""
    with connection.cursor() as cursor:
        cursor.execute(TIER, [customer_id, day, Paper.State.APPROVED])
        found = cursor.fetchone()
    return str(found[0]) if found is not None else ""


class TierCare(models.Model):
    """How customers of a tier are cared for: the strategy, and who makes up the team."""

    tier = models.CharField(_("tier"), max_length=12, choices=Tier, unique=True)
    strategy = models.TextField(_("strategy"), max_length=2_000, blank=True)
    team = models.CharField(_("team"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("care for a tier")
        verbose_name_plural = _("care for tiers")

    def __str__(self) -> str:
        return str(self.get_tier_display())


class StageTactic(models.Model):
    """What is done at customers of a stage of life."""

    stage = models.CharField(_("stage of life"), max_length=12, choices=Stage, unique=True)
    text = models.TextField(_("tactics"), max_length=2_000, blank=True)

    class Meta:
        verbose_name = _("tactics for a stage of life")
        verbose_name_plural = _("tactics for stages of life")

    def __str__(self) -> str:
        return str(self.get_stage_display())


TierSpanVersion = versions_of(TierSpan, __name__, asked_by=("customer_id",))
