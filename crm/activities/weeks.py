"""The week of a portfolio as one page reads it: what is laid on which day, what does not fit, what else is promised."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from crm.activities.models import Contacting, Promise
from crm.activities.services.planning import measure_of, place_of, unfit
from crm.activities.windows import week_of
from crm.customers.models import Portfolio
from crm.customers.models.tiers import spans_on
from crm.customers.panels import OpenWork, promises_in
from portal.calendar.queries import read_calendar
from portal.organization.querysets import today

SHOWN_MISSED = 5
SHOWN_UNFIT = 6
MOST_SAID = 20


@dataclass(slots=True)
class Day:
    """A day with the visits laid on it, in the order of the line."""

    day: date
    is_worked: bool
    is_past: bool
    is_today: bool
    visits: list[Promise] = field(default_factory=list)
    measure: int = 0

    @property
    def done(self) -> int:
        return sum(one.state == Promise.State.KEPT for one in self.visits)

    @property
    def is_over(self) -> bool:
        return len(self.visits) > self.measure


@dataclass(slots=True)
class Week:
    """`unfit` and `missed` are the first of them; the list of promises has all."""

    first: date
    last: date
    portfolio: Portfolio
    measure: int
    days: list[Day]
    unfit: list[Promise]
    unfit_count: int
    calls: list[Promise]
    missed: list[Promise]
    missed_count: int
    said: list[OpenWork]
    tiers: dict[int, str]

    @property
    def promised(self) -> int:
        return sum(len(day.visits) for day in self.days) + self.unfit_count

    @property
    def kept(self) -> int:
        return sum(day.done for day in self.days)

    @property
    def room(self) -> int:
        """What the days that are left hold."""
        return sum(max(0, day.measure - len(day.visits)) for day in self.days if day.is_worked and not day.is_past)


def read_week(portfolio: Portfolio, day: date) -> Week:
    """Some thirteen statements, however many customers there are."""
    first, last = week_of(day)
    measure, calendar, now = measure_of(portfolio), read_calendar(), today()
    open_rows, settled = (rows.select_related("customer__root", "customer__line_place") for rows in of_portfolio_rows(portfolio))
    in_week = Q(kind=Contacting.VISIT, planned_on__gte=first, planned_on__lte=last)
    unplanned = Q(kind=Contacting.VISIT, planned_on__isnull=True, settled_on__gte=first, settled_on__lte=last, state=Promise.State.KEPT)
    by_day: dict[date, list[Promise]] = defaultdict(list)
    for one in sorted([*open_rows.filter(in_week), *settled.filter(in_week | unplanned)], key=place_of):
        by_day[one.planned_on or one.settled_on or first].append(one)
    days = []
    for number in range(7):
        that = first + timedelta(days=number)
        is_worked = calendar.is_working(that)
        days.append(Day(that, is_worked, that < now, that == now, by_day[that], measure if is_worked else 0))
    is_call = Q(kind=Contacting.CALL, starts_on__lte=last, ends_on__gte=first)
    calls = [*open_rows.filter(is_call), *settled.filter(is_call).exclude(state=Promise.State.EXCUSED)]
    missed, without_day = unexplained(settled), unfit([portfolio.pk], first, last)
    week = Week(
        first=first,
        last=last,
        portfolio=portfolio,
        measure=measure,
        days=[one for one in days if one.is_worked or one.visits],
        unfit=list(without_day.select_related("customer__root").order_by("due_on", "pk")[:SHOWN_UNFIT]),
        unfit_count=without_day.count(),
        calls=sorted(calls, key=place_of),
        missed=list(missed[:SHOWN_MISSED]),
        missed_count=missed.count(),
        said=[one for one in promises_in([portfolio.pk]) if one.due_on and one.due_on <= last][:MOST_SAID],
        tiers={},
    )
    week.tiers = _tiers(week, now)
    return week


def of_portfolio_rows(portfolio: Portfolio) -> tuple[QuerySet[Promise], QuerySet[Promise]]:
    """Open in it now, and settled in it: each has an index of its own."""
    open_rows = Promise.objects.filter(portfolio__isnull=True, state=Promise.State.OPEN, customer__root__portfolio=portfolio.pk)
    return open_rows, Promise.objects.filter(portfolio=portfolio.pk)


def unexplained(rows: QuerySet[Promise]) -> QuerySet[Promise]:
    """What was missed and nobody has said why, the newest first."""
    return rows.filter(state=Promise.State.MISSED, reason="").order_by("-due_on", "pk")


def _tiers(week: Week, day: date) -> dict[int, str]:
    shown: Sequence[Promise] = [*(one for day in week.days for one in day.visits), *week.unfit, *week.calls]
    roots = {one.customer.root_id for one in shown}
    return {span.customer_id: str(span.get_tier_display()) for span in spans_on(day).filter(customer__in=roots)}
