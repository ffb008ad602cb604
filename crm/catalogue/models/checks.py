"""What the nightly look at a ledger found."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerCheck(models.Model):
    """The last look at each ledger: how many sums differ from what the ledger and the documents say, and the first of them."""

    ledger = models.CharField(max_length=20, unique=True)
    looked_at = models.DateTimeField()
    differences = models.PositiveIntegerField(default=0)
    first = models.JSONField(default=list)

    class Meta:
        verbose_name = _("check of a ledger")
        verbose_name_plural = _("checks of ledgers")

    def __str__(self) -> str:
        return f"{self.ledger}: {self.differences}"
