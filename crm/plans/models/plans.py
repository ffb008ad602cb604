"""A plan of a department for a period and a measure, in versions that only grow. A version is a tree of lines: departments, at last persons."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.catalogue.models import Brand, Product
from crm.customers.models import Portfolio
from portal.approvals.models import Paper
from portal.organization.models import Department

MOST = 10**14


class Measure(models.TextChoices):
    MONEY = "money", _("money sold")
    QUANTITY = "quantity", _("quantity sold")
    WON = "won", _("opportunities won")


class Period(models.TextChoices):
    YEAR = "year", pgettext_lazy("of a plan", "year")
    QUARTER = "quarter", pgettext_lazy("of a plan", "quarter")
    MONTH = "month", pgettext_lazy("of a plan", "month")


MONTHS = {Period.YEAR: 12, Period.QUARTER: 3, Period.MONTH: 1}


def last_day(starts_on: date, period: str) -> date:
    month = starts_on.month - 1 + MONTHS[Period(period)]
    return date(starts_on.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


class Plan(models.Model):
    """One for each period, measure, department, product class and place."""

    period = models.CharField(_("period"), max_length=8, choices=Period)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    measure = models.CharField(_("measure"), max_length=8, choices=Measure)
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    brand = models.ForeignKey(Brand, verbose_name=_("brand"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    portfolio = models.ForeignKey(Portfolio, verbose_name=_("district"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    class Meta:
        verbose_name = _("plan of sales")
        verbose_name_plural = _("plans of sales")
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["-starts_on", "-id"], name="plan_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["period", "starts_on", "measure", "department", "brand", "product", "portfolio"], nulls_distinct=False, name="one_plan_of_a_kind"
            ),
            models.CheckConstraint(name="plan_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="plan_is_of_a_brand_or_a_product", condition=Q(brand__isnull=True) | Q(product__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.period_said} · {self.department} · {self.get_measure_display()}{f' · {self.what}' if self.what else ''}"

    def get_absolute_url(self) -> str:
        return reverse("crm:plan_detail", args=[self.pk])

    @property
    def period_said(self) -> str:
        """2026, 2026 Q2, 2026-05."""
        if self.period == Period.YEAR:
            return str(self.starts_on.year)
        if self.period == Period.QUARTER:
            return f"{self.starts_on.year} Q{(self.starts_on.month + 2) // 3}"
        return f"{self.starts_on:%Y-%m}"

    @property
    def what(self) -> str:
        """The product or class and the place, where it is of one."""
        parts = (self.product or self.brand, self.portfolio)
        return " · ".join(str(part) for part in parts if part is not None)

    @property
    def step(self) -> int:
        """What it is split in: whole yuan, whole base units."""
        return 1 if self.measure == Measure.QUANTITY else 100


class PlanVersion(models.Model):
    """Written as a draft, frozen by the database from when it is asked for; in force once its paper is approved."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("of a plan", "draft")
        ASKED = "asked", pgettext_lazy("of a plan", "under approval")
        PUBLISHED = "published", pgettext_lazy("of a plan", "in force")
        REFUSED = "refused", pgettext_lazy("of a plan", "not approved")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    reason = models.CharField(_("why"), max_length=200)
    paper = models.OneToOneField(Paper, verbose_name=_("paper"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    said = models.CharField(max_length=64, blank=True, editable=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("version of a plan")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_plan_version_of_a_number"),
            models.UniqueConstraint(fields=["plan"], condition=Q(state__in=("draft", "asked")), name="one_plan_version_under_way"),
            models.CheckConstraint(
                name="plan_version_is_published_by_a_paper",
                condition=~Q(state="published") | Q(paper__isnull=False, published_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} V{self.number}"


class PlanLine(models.Model):
    """What a department or a person has to bring. Where it is split, its amount is what its parts have and what is held back."""

    class By(models.TextChoices):
        SOLD = "sold", _("sales of last year")
        HEADS = "heads", _("number of people")
        EQUAL = "equal", _("equal parts")
        HAND = "hand", _("weights by hand")

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="lines")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("person"), null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(_("plan"))
    held_back = models.BigIntegerField(_("held back"), default=0)
    weight = models.BigIntegerField(_("weight"), default=0)
    split_by = models.CharField(_("split by"), max_length=5, choices=By, blank=True)

    class Meta:
        verbose_name = _("line of a plan")
        ordering = ["id"]
        indexes = [models.Index(fields=["person"], name="plan_line_of_person"), models.Index(fields=["department"], name="plan_line_of_department")]
        constraints = [
            models.UniqueConstraint(fields=["version", "department", "person"], nulls_distinct=False, name="one_plan_line_of_each"),
            models.UniqueConstraint(fields=["version"], condition=Q(parent__isnull=True), name="one_plan_line_at_the_top"),
            models.CheckConstraint(name="plan_line_is_an_amount", condition=Q(amount__gte=0, amount__lte=MOST, weight__gte=0)),
            models.CheckConstraint(name="plan_line_holds_back_of_its_own", condition=Q(held_back__gte=0, held_back__lte=F("amount"))),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return self.person.name if self.person is not None else self.department.label


class Deviation(models.Model):
    """Why somebody was off the plan on a day, and what is done about it. Only added."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="deviations")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(_("as of"))
    planned = models.BigIntegerField(_("plan"))
    actual = models.BigIntegerField(_("actual"))
    reason = models.CharField(_("reason"), max_length=500)
    measure = models.CharField(_("what is done"), max_length=500, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reason of a deviation")
        verbose_name_plural = _("reasons of deviations")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return self.reason[:40]
