"""What the portal knows of a period, beside a market report: each fact counts the rows of a list with the filters of its address, so that it is its list.

Apps above add theirs.
"""

from calendar import monthrange
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse

from crm.activities.models import MarketCall, MarketReport
from portal.foundation.navigation import Words
from portal.lists.definition import List, list_of

DAY = timedelta(days=1)
BOTH = (MarketCall.Kind.USERS, MarketCall.Kind.RIVALS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketFact:
    """`portfolio` and `period` are filters of the list, `fixed` those that always hold; `amount` sums where rows are not counted.

    `is_of_open`: the list has no filter for a portfolio that is closed.
    """

    code: str
    label: Words
    list_code: str
    portfolio: str
    period: str
    kinds: Collection[str] = BOTH
    fixed: Mapping[str, str] = field(default_factory=dict)
    amount: Callable[[], Any] = lambda: Count("pk")
    is_compared: bool = False
    is_of_open: bool = False
    order: int = 100

    def query(self, portfolio_id: int, first: date, last: date) -> dict[str, str]:
        return {**self.fixed, self.portfolio: str(portfolio_id), f"{self.period}_from": first.isoformat(), f"{self.period}_to": last.isoformat()}


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact of one report; `before` is that of the period before, where the two are compared."""

    label: Words
    number: int
    url: str
    before: int | None = None
    before_url: str = ""

    @property
    def change(self) -> str:
        """In hundredths of what was before; nothing where nothing was."""
        return f"{(self.number - self.before) / abs(self.before) * 100:+.1f} %" if self.before else ""


_facts: dict[str, MarketFact] = {}


def register_market_facts(*facts: MarketFact) -> None:
    """Refuses a second one of the same code."""
    for one in facts:
        if one.code in _facts:
            raise ValueError(f"two facts {one.code!r}")
        _facts[one.code] = one


def period_before(first: date, last: date) -> tuple[date, date]:
    """As many whole months where it is whole months, else as many days."""
    ends = first - DAY
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        place = first.year * 12 + first.month - 1 - ((last.year - first.year) * 12 + last.month - first.month + 1)
        return date(place // 12, place % 12 + 1, 1), ends
    return ends - (last - first), ends


def facts_of(report: MarketReport, user: Any) -> list[Shown]:
    """One statement for each that this person may see, two where it is compared; lists that they may not open are left out."""
    period, is_closed = (report.call.first_day, report.call.last_day), report.portfolio.closed_on is not None
    shown = []
    for one in sorted(_facts.values(), key=lambda fact: (fact.order, fact.code)):
        definition = list_of(one.list_code)
        if definition is None or not definition.is_allowed(user) or report.call.kind not in one.kinds or (is_closed and one.is_of_open):
            continue
        number, url = _read(one, definition, user, report.portfolio_id, period)
        then = _read(one, definition, user, report.portfolio_id, period_before(*period)) if one.is_compared else (None, "")
        shown.append(Shown(one.label, number, url, *then))
    return shown


def rows_of(one: MarketFact, definition: List, user: Any, portfolio_id: int, period: tuple[date, date]) -> QuerySet[Any]:
    """By the list's own filters, without its form: nothing here was typed, and the choices of six lists would cost more than what is asked of them."""
    asked = {**one.fixed, one.portfolio: str(portfolio_id), f"{one.period}_from": period[0], f"{one.period}_to": period[1]}
    rows = definition.rows(user)
    for narrowing in definition.filters_for(user):
        if not asked.keys().isdisjoint(narrowing.keys):
            rows = narrowing.narrow(rows, asked)
    return rows


def _read(one: MarketFact, definition: List, user: Any, portfolio_id: int, period: tuple[date, date]) -> tuple[int, str]:
    found = rows_of(one, definition, user, portfolio_id, period).order_by().aggregate(number=one.amount())["number"]
    return found or 0, f"{reverse(definition.url_name)}?{urlencode(one.query(portfolio_id, *period))}"
