"""The known measures of those who work with customers (R91, R92). A figure counts the rows of a list with the filters of its address, so that it is its list.

Apps above add theirs. Each row counts for whoever answered for it then: of what is settled the holder of that day, of what is open the holder of today.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.customers.models import PortfolioHolding
from portal.accounts.models import User
from portal.foundation.navigation import Words
from portal.lists.asked import Asked
from portal.lists.definition import list_of
from portal.organization.models import Department, Employment

PERSON, DEPARTMENT = "person", "department"
CUTS: dict[str, type[Any]] = {PERSON: User, DEPARTMENT: Department}


@dataclass(frozen=True, slots=True)
class Cut:
    """By what a list is cut: makes an expression over its rows; `key` is the filter of the list that gives the rows of one part."""

    expression: Callable[[], Any]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """`fixed` are filters that always hold, `period` the filter of days; nothing where the figure is that of today."""

    code: str
    label: Words
    list_code: str
    cuts: Mapping[str, Cut]
    fixed: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    is_result: bool = False
    order: int = 100

    def query(self, first: date, last: date) -> dict[str, str]:
        days = {f"{self.period}_from": first.isoformat(), f"{self.period}_to": last.isoformat()} if self.period else {}
        return {**self.fixed, **days}


@dataclass(frozen=True, slots=True)
class Rate:
    """One measure as a share of another."""

    code: str
    label: Words
    part: str
    whole: str
    is_result: bool = False


_measures: dict[str, Performance] = {}
_rates: dict[str, Rate] = {}


def register_performance(*measures: Performance | Rate) -> None:
    """Refuses a second one of the same code."""
    for one in measures:
        known: dict[str, Any] = _rates if isinstance(one, Rate) else _measures
        if one.code in known:
            raise ValueError(f"two measures {one.code!r}")
        known[one.code] = one


def performances(*, with_process: bool) -> list[Performance]:
    return sorted((one for one in _measures.values() if with_process or one.is_result), key=lambda one: (one.order, one.code))


def rates(shown: Iterable[str], *, with_process: bool) -> list[Rate]:
    codes = set(shown)
    return [one for one in _rates.values() if {one.part, one.whole} <= codes and (with_process or one.is_result)]


@dataclass(frozen=True, slots=True)
class Table:
    """`counts[code][part]`; the part None is what nobody answered for. `sums` are of the whole list, and the parts add up to them."""

    measures: Sequence[Performance]
    parts: Sequence[tuple[int | None, str]]
    counts: Mapping[str, Mapping[int | None, int]]
    sums: Mapping[str, int]

    def share(self, rate: Rate, part: int | None) -> float | None:
        whole = self.counts[rate.whole].get(part, 0)
        return self.counts[rate.part].get(part, 0) / whole if whole else None

    def share_of_all(self, rate: Rate) -> float | None:
        return self.sums[rate.part] / self.sums[rate.whole] if self.sums[rate.whole] else None


def measure(user: Any, *, first: date, last: date, by: str, with_process: bool) -> Table:
    """One statement for each measure, of what this person may see; lists that they may not open are left out."""
    shown, counts = [], {}
    for one in performances(with_process=with_process):
        rows = rows_of(one, user, first, last)
        if rows is None:
            continue
        shown.append(one)
        found = rows.order_by().annotate(of=one.cuts[by].expression()).values_list("of").annotate(number=Count("pk"))
        counts[one.code] = Counter(dict(found))
    keys = {key for counted in counts.values() for key in counted}
    names = CUTS[by].objects.in_bulk([key for key in keys if key is not None])
    parts = sorted(((pk, _name(one)) for pk, one in names.items()), key=lambda part: part[1])
    parts += [(None, str(_("nobody")))] if None in keys else []
    return Table(shown, parts, counts, {code: sum(counted.values()) for code, counted in counts.items()})


def rows_of(one: Performance, user: Any, first: date, last: date) -> QuerySet[Any] | None:
    """The rows of its list in the period; None for whoever may not open the list."""
    definition = list_of(one.list_code)
    if definition is None or not definition.is_allowed(user):
        return None
    values = QueryDict(mutable=True)
    values.update(one.query(first, last))
    rows: QuerySet[Any] = Asked(definition, user, values).rows
    return rows


def address_of(one: Performance, first: date, last: date, by: str = "", part: int | None = None) -> str:
    definition = list_of(one.list_code)
    assert definition is not None
    of = {one.cuts[by].key: str(part)} if by and part is not None else {}
    return f"{reverse(definition.url_name)}?{urlencode({**one.query(first, last), **of})}"


def holder_on(portfolio: str, day: Any) -> Subquery:
    """Who held the portfolio at a path on a day: a day, or a path to one."""
    on = OuterRef(day) if isinstance(day, str) else day
    rows = PortfolioHolding.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), portfolio=OuterRef(portfolio), starts_on__lte=on)
    return Subquery(rows.values("person")[:1])


def _name(one: Any) -> str:
    return one.label if isinstance(one, Department) else one.name


def department_of_visit() -> Subquery:
    """Where whoever was there was employed on that day."""
    posts = Employment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("arrived_at__date")),
        person=OuterRef("person"),
        is_primary=True,
        starts_on__lte=OuterRef("arrived_at__date"),
    )
    return Subquery(posts.values("department")[:1])
