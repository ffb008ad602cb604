"""How often customers are visited and called, how much a day holds, in which order the line goes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.activities.windows import Unit
from crm.customers.models import Customer, Portfolio, Tier

NO_TIER = "none"
TIERS = [*Tier.choices, (NO_TIER, pgettext_lazy("of customers", "no tier"))]
IN_TOWN, IN_COUNTRY = 30, 25  # visits that a day holds
MOST_A_DAY = 200


class Contacting(models.TextChoices):
    VISIT = "visit", _("visit")
    CALL = "call", pgettext_lazy("by telephone", "call")


class PromiseRule(models.Model):
    """Customers of a tier are visited, or called, once in every so many weeks or months. Without a rule nothing is promised."""

    tier = models.CharField(_("tier"), max_length=12, choices=TIERS)
    kind = models.CharField(_("kind"), max_length=5, choices=Contacting)
    every = models.PositiveSmallIntegerField(_("once in"), default=1)
    unit = models.CharField(_("weeks or months"), max_length=5, choices=Unit, default=Unit.WEEK)

    class Meta:
        verbose_name = _("rule of visits and calls")
        verbose_name_plural = _("rules of visits and calls")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["tier", "kind"], name="one_rule_for_a_tier_and_kind"),
            models.CheckConstraint(name="promise_rule_every", condition=Q(every__gte=1, every__lte=12)),
        ]

    def __str__(self) -> str:
        return f"{self.get_tier_display()} {self.get_kind_display()} 1/{self.every} {self.unit}"


class DayMeasure(models.Model):
    """How many visits a day of this portfolio holds. Without one, by whether most of its customers are in town."""

    portfolio = models.OneToOneField(Portfolio, verbose_name=_("portfolio"), on_delete=models.CASCADE, related_name="measure")
    visits = models.PositiveSmallIntegerField(_("visits a day"))

    class Meta:
        verbose_name = _("measure of a day")
        verbose_name_plural = _("measures of a day")
        constraints = [models.CheckConstraint(name="day_measure_bounds", condition=Q(visits__gte=1, visits__lte=MOST_A_DAY))]

    def __str__(self) -> str:
        return f"{self.portfolio} {self.visits}"


class LinePlace(models.Model):
    """Where a customer stands in the line of calls. Who has none comes after, by address."""

    customer = models.OneToOneField(Customer, verbose_name=_("customer"), on_delete=models.CASCADE, related_name="line_place")
    place = models.PositiveIntegerField(_("place in the line"))

    class Meta:
        verbose_name = _("place in the line")
        verbose_name_plural = _("places in the line")

    def __str__(self) -> str:
        return f"{self.place} {self.customer}"
