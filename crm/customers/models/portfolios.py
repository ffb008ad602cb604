"""A portfolio (客户片区) is held by people from a day to a day. Responsibility is its holder's, so a handover moves no customer and leaves none behind."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.foundation.names import name_sort_key
from portal.organization.models import DateRange, Department
from portal.organization.querysets import DatedQuerySet


def portfolio_token(portfolio_id: int) -> str:
    """Whoever holds a portfolio today, or stands in for who does, has it."""
    return f"portfolio:{portfolio_id}"


def headed_token(department_id: int) -> str:
    """Whoever heads a department that has portfolios has it."""
    return f"portfolios:{department_id}"


class Portfolio(models.Model):
    """A share of the customers, of a department."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(pgettext_lazy("of a firm", "name"), max_length=60)
    name_pinyin = models.CharField(max_length=300, editable=False)
    department = models.ForeignKey(Department, verbose_name=_("department"), on_delete=models.PROTECT, related_name="portfolios")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    vacancy_told_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("portfolio")
        verbose_name_plural = _("portfolios")
        ordering = ["name_pinyin", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        self.name_pinyin = name_sort_key(self.name)
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        return portfolio_token(self.pk)


class PortfolioHolding(models.Model):
    """A person answers for a portfolio from a day to a day (both included); no end means until further notice. One at a time."""

    portfolio = models.ForeignKey(Portfolio, verbose_name=_("portfolio"), on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("person"), on_delete=models.PROTECT, related_name="portfolio_holdings")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("holding of a portfolio")
        verbose_name_plural = _("holdings of portfolios")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(name="portfolio_holding_ends_after_start", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))),
            ExclusionConstraint(
                name="one_holds_a_portfolio_at_a_time",
                expressions=[
                    (DateRange("starts_on", "ends_on", RangeBoundary(inclusive_lower=True, inclusive_upper=True)), RangeOperators.OVERLAPS),
                    ("portfolio", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.portfolio} · {self.person}"

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
