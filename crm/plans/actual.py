"""Actual against plan. A figure sums the rows of a list with the filters of its address: of what was sold, or of opportunities won."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.plans.lists import SoldList
from crm.plans.models import Place, Plan, PlanLine
from crm.plans.models.plans import Measure
from crm.sales.lists import OpportunityList
from portal.lists.asked import Asked
from portal.lists.definition import List, list_of

CUTS = {
    "person": ("person", "person__name"),
    "department": ("place__department", "place__department__name"),
    "product": ("product", "product__name"),
    "district": ("portfolio", "portfolio__name"),
    "month": ("", ""),
}
WON_CUTS = {
    "person": ("owner", "owner__name"),
    "department": ("department", "department__name"),
    "product": ("product", "product__name"),
    "district": ("customer__root__portfolio", "customer__root__portfolio__name"),
    "month": ("", ""),
}
KEYS = {"person": "person", "department": "at", "product": "product", "district": "portfolio"}
WON_KEYS = {"person": "owner", "department": "department", "product": "product", "district": "portfolio"}


@dataclass(slots=True)
class Part:
    """What falls to one person, department, product, district or month; `query` leads to its list."""

    label: str
    query: str
    actual: int
    before: int = 0


class Ledger:
    """What counts for a plan: which list, which of its columns is summed, and how its filters are called."""

    def __init__(self, plan: Plan, user: Any) -> None:
        self.plan, self.user = plan, user
        self.is_won = plan.measure == Measure.WON
        definition = list_of(OpportunityList.code if self.is_won else SoldList.code)
        assert definition is not None
        self.definition: List = definition
        self.column = "amount" if self.is_won else "quantity" if plan.measure == Measure.QUANTITY else "fen"
        self.day = "closed_on" if self.is_won else "day"
        self.cuts, self.keys = (WON_CUTS, WON_KEYS) if self.is_won else (CUTS, KEYS)

    @property
    def address(self) -> str:
        return reverse(self.definition.url_name)

    def query(self, first: date, last: date, line: PlanLine | None = None, **more: Any) -> QueryDict:
        """The address of the list behind a figure."""
        values, plan = QueryDict(mutable=True), self.plan
        prefix = "closed" if self.is_won else "day"
        values.update({f"{prefix}_from": first.isoformat(), f"{prefix}_to": last.isoformat()})
        if self.is_won:
            values["state"] = "won"
        for key in ("product", "brand", "portfolio"):
            if getattr(plan, f"{key}_id"):
                values[key] = str(getattr(plan, f"{key}_id"))
        values["under"] = str(line.department_id if line is not None else plan.department_id)
        if line is not None and line.person_id is not None:
            values[self.keys["person"]] = str(line.person_id)
        values.update({key: str(value) for key, value in more.items()})
        return values

    def rows(self, values: QueryDict) -> QuerySet[Any]:
        """Of what the reader may see."""
        return Asked(self.definition, self.user, values).rows.order_by()

    def total(self, values: QueryDict) -> int:
        return int(self.rows(values).aggregate(sum=Sum(self.column))["sum"] or 0)

    def by_line(self, lines: Iterable[PlanLine], first: date, last: date) -> dict[int, int]:
        """The actual of each line; two statements, however many lines."""
        found, sums = self.sums(first, last), {}
        for line in lines:
            of = found.get(line.department_id, {})
            sums[line.pk] = of.get(line.person_id, 0) if line.person_id is not None else sum(of.values())
        return sums

    def sums(self, first: date, last: date) -> dict[int, dict[int | None, int]]:
        """By department, with all below it, and person."""
        where = "department" if self.is_won else "place"
        who = "owner" if self.is_won else "person"
        found: dict[int, dict[int | None, int]] = defaultdict(lambda: defaultdict(int))
        above = self._above()
        for one in self.rows(self.query(first, last)).values(where, who).annotate(sum=Sum(self.column)):
            for department in above[one[where]]:
                found[department][one[who]] += int(one["sum"])
        return found

    def _above(self) -> dict[int, list[int]]:
        """By place: the department and all above it. What was sold knows its place as it was then."""
        if not self.is_won:
            return {place.pk: place.department_ids for place in Place.objects.all()}
        rows = type(self.plan.department)._default_manager.values_list("pk", "path")
        return {pk: [int(part) for part in path.split("/") if part] for pk, path in rows}

    def cut(self, by: str, line: PlanLine, first: date, last: date) -> list[Part]:
        """The parts of a line's actual; they add up to it."""
        rows = self.rows(self.query(first, last, line))
        if by == "month":
            return self._months(rows, line, first, last)
        path, name = self.cuts[by]
        parts = []
        for one in rows.values(path, name).annotate(sum=Sum(self.column)):
            key = "none" if one[path] is None else one[path]
            query = self.query(first, last, line, **{self.keys[by]: key})
            parts.append(Part(one[name] or _("nobody") if by == "person" else one[name] or _("none named"), query.urlencode(), int(one["sum"])))
        return sorted(parts, key=lambda part: (-part.actual, part.label))

    def _months(self, rows: QuerySet[Any], line: PlanLine, first: date, last: date) -> list[Part]:
        """Each month of the period, with the same month a year before."""
        sums = self._by_month(rows)
        earlier = self._by_month(self.rows(self.query(year_before(first), year_before(last), line)))
        parts, month = [], first.replace(day=1)
        while month <= last:
            after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
            query = self.query(max(first, month), min(last, after - timedelta(days=1)), line)
            parts.append(Part(f"{month:%Y-%m}", query.urlencode(), sums.get(month, 0), earlier.get(year_before(month), 0)))
            month = after
        return parts

    def _by_month(self, rows: QuerySet[Any]) -> dict[date, int]:
        found = rows.annotate(month=TruncMonth(self.day)).values("month").annotate(sum=Sum(self.column))
        return {one["month"]: int(one["sum"]) for one in found}


def year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
