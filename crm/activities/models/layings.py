"""A month that is laid for many portfolios, step by step, so that one sees how far it is."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Laying(models.Model):
    """Of all portfolios that who began it answers for. `reached` is the last portfolio that was laid."""

    month = models.DateField(_("month"))
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("begun by"), on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    unfit = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("laying of a month")
        verbose_name_plural = _("layings of months")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.done}/{self.total}"

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100
