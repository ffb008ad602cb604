"""From when what is owed is yellow and red, by tier (R160)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.customers.models import Tier


class DueBounds(models.Model):
    """Yellow so many days before it is due; red so many days after, or after the account's own grace where none is said. Orange lies between."""

    tier = models.CharField(_("tier"), max_length=12, choices=Tier, unique=True)
    yellow = models.PositiveSmallIntegerField(_("yellow, days before it is due"), default=7)
    red = models.PositiveSmallIntegerField(_("red, days after it is due"), null=True, blank=True)

    class Meta:
        verbose_name = _("bounds of a tier")
        verbose_name_plural = _("bounds of tiers")
        constraints = [models.CheckConstraint(name="due_bounds_are_days", condition=Q(yellow__lte=365) & (Q(red__isnull=True) | Q(red__lte=365)))]

    def __str__(self) -> str:
        return str(self.get_tier_display())
