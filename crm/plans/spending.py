"""What was spent against what was sold. Each figure sums the rows of the list to which it leads: of expenses, or of what was sold."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.plans.lists import SoldList
from crm.sales.expense_lists import ExpenseList
from crm.sales.models import Expense
from portal.lists.asked import Asked
from portal.lists.definition import list_of

CUTS: dict[str, tuple[str, str]] = {
    "person": ("person", "person__name"),
    "department": ("department", "department__name"),
    "kind": ("kind", "kind"),
    "month": ("", ""),
}
SOLD_CUTS = {"person": ("person", "person__name"), "department": ("place__department", "place__department__name")}
SOLD_KEYS = {"person": "person", "department": "at"}


@dataclass(slots=True)
class Part:
    """What one person, department, kind or month spent, and sold where that can be said; the queries lead to the lists."""

    label: str
    query: str = ""
    sold_query: str = ""
    spent: int = 0
    waiting: int = 0
    count: int = 0
    sold: int | None = None

    @property
    def share(self) -> str:
        """Spent of what was sold."""
        return f"{100 * self.spent / self.sold:.2f} %" if self.sold and self.sold > 0 else ""


class Spending:
    """Of a period and, where one is named, of a department and all below it."""

    def __init__(self, user: Any, first: date, last: date, under: str = "") -> None:
        self.user, self.first, self.last, self.under = user, first, last, under

    def query(self, first: date | None = None, last: date | None = None, **more: Any) -> QueryDict:
        values = QueryDict(mutable=True)
        values.update({"day_from": (first or self.first).isoformat(), "day_to": (last or self.last).isoformat()})
        if self.under:
            values["under"] = self.under
        values.update({key: str(value) for key, value in more.items()})
        return values

    def spent_query(self, first: date | None = None, last: date | None = None, **more: Any) -> QueryDict:
        return self.query(first, last, counts="yes", **more)

    def expenses(self, values: QueryDict) -> QuerySet[Expense]:
        return _rows(ExpenseList.code, self.user, values)

    def sold(self, values: QueryDict) -> QuerySet[Any]:
        return _rows(SoldList.code, self.user, values)

    def whole(self) -> Part:
        spent, sold = self.spent_query(), self.query()
        sums = self.expenses(spent).aggregate(**SUMS)
        whole = self.sold(sold).aggregate(sum=Sum("fen"))["sum"] or 0
        return Part(_("Together"), spent.urlencode(), sold.urlencode(), sums["spent"] or 0, sums["waiting"] or 0, sums["count"], whole)

    def cut(self, by: str) -> list[Part]:
        """The parts, what was spent most first; they add up to the whole."""
        if by == "month":
            return self._months()
        path, name = CUTS[by]
        kinds, parts = dict(Expense.Kind.choices), {}
        for one in self.expenses(self.spent_query()).values(path, name).annotate(**SUMS):
            label = str(kinds[one[path]]) if by == "kind" else one[name]
            query = self.spent_query(**{by: one[path]}).urlencode()
            parts[one[path]] = Part(label, query, "", one["spent"], one["waiting"] or 0, one["count"], None if by == "kind" else 0)
        if by in SOLD_CUTS:
            self._add_sold(by, parts)
        return sorted(parts.values(), key=lambda part: (-part.spent, -(part.sold or 0), part.label))

    def _add_sold(self, by: str, parts: dict[Any, Part]) -> None:
        path, name = SOLD_CUTS[by]
        for one in self.sold(self.query()).values(path, name).annotate(sum=Sum("fen")):
            key = one[path]
            part = parts.setdefault(key, Part(one[name] or _("nobody"), self.spent_query(**{by: key}).urlencode() if key is not None else ""))
            part.sold, part.sold_query = one["sum"], self.query(None, None, **{SOLD_KEYS[by]: "none" if key is None else key}).urlencode()

    def _months(self) -> list[Part]:
        spent: Any = self.expenses(self.spent_query()).annotate(month=TruncMonth("day")).values("month").annotate(**SUMS)
        sold = self.sold(self.query()).annotate(month=TruncMonth("day")).values("month").annotate(sum=Sum("fen"))
        by_month: dict[date, dict[str, Any]] = {one["month"]: one for one in spent}
        sums, parts = {one["month"]: one["sum"] for one in sold}, []
        month = self.first.replace(day=1)
        while month <= self.last:
            after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
            days = (max(self.first, month), min(self.last, date.fromordinal(after.toordinal() - 1)))
            one = by_month.get(month, {"spent": 0, "waiting": 0, "count": 0})
            queries = (self.spent_query(*days).urlencode(), self.query(*days).urlencode())
            parts.append(Part(f"{month:%Y-%m}", *queries, one["spent"], one["waiting"] or 0, one["count"], sums.get(month, 0)))
            month = after
        return parts


SUMS = {"spent": Sum("fen"), "waiting": Sum("fen", filter=Q(state__in=("waiting", "asked"))), "count": Count("pk")}


def _rows(code: str, user: Any, values: QueryDict) -> QuerySet[Any]:
    definition = list_of(code)
    assert definition is not None
    return Asked(definition, user, values).rows.order_by()


def addresses() -> tuple[str, str]:
    return reverse("crm:expense_list"), reverse("crm:sold_list")
