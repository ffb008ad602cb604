"""Figures of market reports: of a call, and of each person. Each counts what fits the filters of the list of reports, so that it is its list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, BigIntegerField, Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.activities.market_clock import is_in_time, is_late
from crm.activities.market_report_lists import of_state
from crm.activities.models import MarketReport
from crm.activities.performance import holder_on
from portal.access.policies import visible_to
from portal.accounts.models import User
from portal.foundation.navigation import Words
from portal.organization.querysets import today

State = MarketReport.State


@dataclass(frozen=True, slots=True)
class Figure:
    """`query` is what the list is asked."""

    key: str
    label: Words
    condition: Callable[[], Q]
    query: Mapping[str, str]


FIGURES = (
    Figure("all", gettext_lazy("Reports called for"), Q, {}),
    Figure("owed", pgettext_lazy("of market reports", "Owed"), lambda: of_state(State.OWED), {"state": State.OWED}),
    Figure("handed_in", pgettext_lazy("of market reports", "To be graded"), lambda: of_state(State.HANDED_IN), {"state": State.HANDED_IN}),
    Figure("graded", pgettext_lazy("of market reports", "Graded"), lambda: of_state(State.GRADED), {"state": State.GRADED}),
    Figure("in_time", pgettext_lazy("of market reports", "In time"), is_in_time, {"speed": "in_time"}),
    Figure("late", pgettext_lazy("of market reports", "Late"), is_late, {"speed": "late"}),
)
AS = "of_"  # names of figures are names of fields, too


@dataclass(frozen=True, slots=True)
class Found:
    """Counts by the keys of FIGURES, and the mean of the grades."""

    counts: Mapping[str, int]
    mean: float | None

    @property
    def share(self) -> float | None:
        """In time, of those whose speed is known: handed in, or late already."""
        known = self.counts["in_time"] + self.counts["late"]
        return self.counts["in_time"] / known if known else None

    @property
    def share_said(self) -> str:
        return "" if self.share is None else f"{self.share * 100:.0f} %"

    @property
    def mean_said(self) -> str:
        return "" if self.mean is None else f"{self.mean:.1f}"


def figures_of(rows: QuerySet[MarketReport]) -> Found:
    """One statement."""
    return _found(rows.order_by().aggregate(**_asked()))


def figures_by_person(user: Any, first: date, last: date) -> tuple[Found, list[tuple[int | None, str, Found]]]:
    """Of reports due in a period: under who wrote them, or owes them today; the parts add up to the whole. Three statements."""
    rows = visible_to(MarketReport, user).filter(call__due_on__gte=first, call__due_on__lte=last).order_by()
    of = Coalesce("writer", holder_on("portfolio", today()), output_field=BigIntegerField())
    parts = {one["of"]: _found(one) for one in rows.annotate(of=of).values("of").annotate(**_asked())}
    names = User.objects.in_bulk([pk for pk in parts if pk is not None])
    found: list[tuple[int | None, str, Found]] = sorted(((pk, one.name, parts[pk]) for pk, one in names.items()), key=lambda part: part[1])
    return figures_of(rows), found + ([(None, _("nobody"), parts[None])] if None in parts else [])


def address_of(figure: Figure, **asked: str) -> str:
    query = {**asked, **figure.query}
    at = reverse("crm:market_report_list")
    return f"{at}?{urlencode(query)}" if query else at


def cells_of(found: Found, **asked: str) -> list[tuple[Figure, int, str]]:
    return [(one, found.counts[one.key], address_of(one, **asked)) for one in FIGURES]


def _asked() -> dict[str, Any]:
    counts = {f"{AS}{one.key}": Count("pk", filter=one.condition()) if one.condition() else Count("pk") for one in FIGURES}
    return counts | {f"{AS}mean": Avg("accuracy")}


def _found(row: Mapping[str, Any]) -> Found:
    mean = row[f"{AS}mean"]
    return Found({one.key: row[f"{AS}{one.key}"] for one in FIGURES}, None if mean is None else float(mean))
