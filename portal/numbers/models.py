"""The last number of each sequence."""

from django.db import models


class NumberSequence(models.Model):
    """The last number that was issued in a series, for a scope of it (a prefix, a department) and a period (2026, or 202611)."""

    series = models.CharField(max_length=80)
    scope = models.CharField(max_length=120, blank=True, default="")
    period = models.PositiveIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "scope", "period"], name="one_sequence_for_a_scope_and_period")]

    def __str__(self) -> str:
        return f"{self.series} {self.scope} {self.period}: {self.last_number}"
