"""What later papers and statistics ask of the lines of all papers, by item, supplier and month; and the ceiling prices that bind."""

from django.db import models

from portal.approvals.models.kinds import PaperKind
from portal.approvals.models.papers import Paper
from portal.organization.models import Department


class LineFact(models.Model):
    """One line of what a paper says now; written anew with each content. `origin` is the line of another paper from which it was pulled.

    `is_counted`: in statistics, from the approval of the paper on.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="facts")
    kind = models.ForeignKey(PaperKind, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=40)
    uid = models.CharField(max_length=20)
    ordinal = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=7, blank=True)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=200, blank=True)
    supplier = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    price = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    origin = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="pulled")
    origin_uid = models.CharField(max_length=20, blank=True)
    is_counted = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["origin", "origin_uid"], name="fact_origin", condition=models.Q(origin__isnull=False)),
            models.Index(fields=["kind", "period"], name="fact_kind_period"),
            models.Index(
                fields=["kind", "table", "period"],
                include=["paper", "department", "item", "supplier", "quantity", "amount"],
                name="fact_counted",
                condition=models.Q(is_counted=True),
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["paper", "table", "uid"], name="fact_of_a_line_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.table} {self.ordinal + 1}"


class Ceiling(models.Model):
    """The most that an item may cost in a month, as an approved paper says. Later ones of the same month take its place."""

    item = models.CharField(max_length=200)
    month = models.CharField(max_length=7)
    price = models.DecimalField(max_digits=20, decimal_places=6)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="ceilings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "month"], name="one_ceiling_a_month")]

    def __str__(self) -> str:
        return f"{self.item} {self.month} {self.price}"
