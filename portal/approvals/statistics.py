"""Sums over the lines of all approved papers of a kind that the asker sees: by month, department, item or supplier. One statement, over an index alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.access.policies import visible_to
from portal.approvals.definitions.tables import TablePlan
from portal.approvals.models import LineFact, Paper, PaperKind, PaperReader
from portal.approvals.reserved import DECIDING
from portal.approvals.seats import seats_of
from portal.organization.places import read_places

MONTHS = 12
MOST_ROWS = 500
BY: dict[str, str | Promise] = {"month": _("Month"), "department": _("Department"), "item": _("Material or product"), "supplier": _("Supplier")}
COLUMN = {"month": "period", "department": "department", "item": "item", "supplier": "supplier"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is summed: the lines of a table of a kind, by something, over months (both included)."""

    kind: PaperKind
    table: TablePlan
    by: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Summed:
    """A row: what it is of, how many papers and lines, and their sums. Quantities stand where all are of one item, as units differ."""

    label: str
    lines: int
    quantity: Decimal | None
    amount: Decimal | None

    @property
    def price(self) -> Decimal | None:
        """What one cost on average."""
        return self.amount / self.quantity if self.amount is not None and self.quantity else None


def counted_tables(kinds: Sequence[PaperKind]) -> list[tuple[PaperKind, TablePlan]]:
    """The tables whose lines say what they are in statistics."""
    return [(kind, table) for kind in kinds if kind.form is not None for table in kind.form.plan.tables if table.facts]


def dimensions(table: TablePlan) -> list[str]:
    return ["month", "department", *(name for name in ("item", "supplier") if name in table.facts)]


def first_month() -> str:
    return (timezone.localdate().replace(day=1) - relativedelta(months=MONTHS - 1)).strftime("%Y-%m")


def last_month() -> str:
    """The next one, too: plans are of months to come."""
    return (timezone.localdate().replace(day=1) + relativedelta(months=1)).strftime("%Y-%m")


def sums_for(user: Any, asked: Asked) -> list[Summed]:
    """By month in order, else the greatest first. What a form reserves to those who decide is not summed for whoever was only told or sent a copy."""
    column = COLUMN[asked.by]
    facts = LineFact.objects.filter(is_counted=True, kind=asked.kind, table=asked.table.key, period__gte=asked.first, period__lte=asked.last)
    rows = facts.filter(paper__in=_papers(user, asked)).values_list(column).annotate(lines=Count("pk"), quantity=Sum("quantity"), amount=Sum("amount"))
    order = [column] if asked.by == "month" else ["-amount", "-quantity", column] if "amount" in asked.table.facts else ["-quantity", column]
    found = list(rows.order_by(*order)[:MOST_ROWS])
    labels = read_places().labels if asked.by == "department" else {}
    return [Summed(str(labels.get(value, value) or "—"), lines, quantity if asked.by == "item" else None, amount) for value, lines, quantity, amount in found]


def _papers(user: Any, asked: Asked) -> QuerySet[Any, Any]:
    papers = visible_to(Paper, user).filter(kind=asked.kind).order_by()
    if any(column.is_reserved for column in asked.table.columns if column.key in asked.table.facts.values()):
        deciding = PaperReader.objects.filter(reason__in=DECIDING, token__among=seats_of(user)).values("thing")
        papers = papers.filter(Q(originator=user) | Q(pk__in=deciding))
    return papers.values("pk")
