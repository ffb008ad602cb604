"""Laying the visits of a portfolio on days, moving one by hand, and what a day holds."""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.activities.capabilities import KEEP_ACTIVITIES
from crm.activities.errors import ActivitiesError
from crm.activities.laying import Stop, lay
from crm.activities.models import Contacting, DayMeasure, LinePlace, Promise, PromiseRule
from crm.activities.models.rules import IN_COUNTRY, IN_TOWN, MOST_A_DAY
from crm.activities.notifications import UNFIT
from crm.activities.services.keeping import lock_promise
from crm.activities.windows import ONE_DAY, week_of
from crm.customers.models import Customer, Portfolio
from crm.customers.policies import NOT_YOURS, writer_tokens
from portal.access.policies import decide, decide_by_taking_part
from portal.access.readers import TakingPart
from portal.access.registry import has_capability
from portal.access.standings import people_holding
from portal.audit.services import record
from portal.calendar.queries import read_calendar
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today

AT_ONCE = 2_000
LONGEST_PLAN = timedelta(days=62)
UNPLACED = 10**9


class _OpenVisit(NamedTuple):
    """What laying needs of a promise; a plant has a million of them."""

    pk: int
    starts_on: date
    ends_on: date
    planned_on: date | None
    is_planned_by_hand: bool
    place: int | None
    customer_id: int


def measure_of(portfolio: Portfolio) -> int:
    """How many visits a day holds: as was said, or by whether most customers are in town."""
    said = DayMeasure.objects.filter(portfolio=portfolio).first()
    if said is not None:
        return said.visits
    counts = portfolio.customers.unmerged().aggregate(
        town=Count("pk", filter=~Q(market=Customer.Market.COUNTRY)), country=Count("pk", filter=Q(market=Customer.Market.COUNTRY))
    )
    return IN_COUNTRY if counts["country"] > counts["town"] else IN_TOWN


def working_days(first: date, last: date) -> list[date]:
    calendar, found, day = read_calendar(), [], first
    while day <= last:
        if calendar.is_working(day):
            found.append(day)
        day += ONE_DAY
    return found


@transaction.atomic
def lay_visits(portfolio: Portfolio, *, first: date, last: date, actor: Any = None, anew: bool = False) -> int:
    """Give each open visit whose window reaches into these days its day; how many do not fit.

    What has a day keeps it, unless `anew`; what was moved by hand keeps it always. Nothing is laid on a day that is past.
    """
    if last - first > LONGEST_PLAN:
        raise ActivitiesError(_("No more than two months are laid at once."))
    lock_row(Portfolio.objects.all(), portfolio.pk, no_key=True)
    begun = max(first, today())
    found_rows = _open_visits(portfolio.pk).filter(starts_on__lte=last, ends_on__gte=begun).order_by("due_on", "pk")
    rows = [_OpenVisit(*row) for row in found_rows.values_list(*_OpenVisit._fields[:-2], "customer__line_place__place", "customer_id")]
    kept = {row.pk for row in rows if row.planned_on and (row.is_planned_by_hand or not anew or not begun <= row.planned_on <= last)}
    taken = Counter(row.planned_on for row in rows if row.pk in kept and row.planned_on)
    done = Promise.objects.filter(portfolio=portfolio.pk, kind=Contacting.VISIT, planned_on__gte=begun, planned_on__lte=last)
    taken.update(day for day in done.values_list("planned_on", flat=True) if day)
    stops = [Stop(row.pk, row.starts_on, row.ends_on, _place(row.place, row.customer_id)) for row in rows if row.pk not in kept]
    found = lay(stops, working_days(begun, last), measure_of(portfolio), taken)
    laid = {row.pk: row.planned_on if row.pk in kept else found.get(row.pk) for row in rows}
    changed: dict[date | None, list[int]] = defaultdict(list)
    for row in rows:
        if laid[row.pk] != row.planned_on:
            changed[laid[row.pk]].append(row.pk)
    for day, keys in changed.items():
        Promise.objects.filter(pk__in=keys).update(planned_on=day)
    if actor is not None:
        record(actor, "visits.laid", portfolio, after={"from": first.isoformat(), "to": last.isoformat(), "laid": len(found)})
    return sum(laid[row.pk] is None and row.ends_on <= last for row in rows)


def place_of(promise: Promise) -> tuple[int, ...]:
    """Its place in the line; who has none comes after, as the customers were taken up."""
    try:
        return _place(promise.customer.line_place.place, promise.customer_id)
    except LinePlace.DoesNotExist:
        return _place(None, promise.customer_id)


def _place(place: int | None, customer_id: int) -> tuple[int, ...]:
    return (UNPLACED if place is None else place, customer_id)


def _open_visits(portfolio_id: int) -> Any:
    return Promise.objects.filter(customer__root__portfolio=portfolio_id, kind=Contacting.VISIT, state=Promise.State.OPEN)


@transaction.atomic
def plan_visit(promise: Promise, *, actor: Any, day: date) -> Promise:
    """On another day, by hand: within its window; what was agreed for a day is agreed for another."""
    held = lock_promise(promise, actor)
    if not held.is_open:
        raise ActivitiesError(_("It is “%(state)s” already.") % {"state": held.get_state_display()})
    if day < today():
        raise ActivitiesError(_("%(day)s is past. Choose a day from today on.") % {"day": f"{day:%Y-%m-%d}"})
    if held.origin == Promise.Origin.APPOINTMENT:
        held.starts_on = held.ends_on = held.due_on = day
    elif not held.starts_on <= day <= held.ends_on:
        words = {"first": f"{held.starts_on:%Y-%m-%d}", "last": f"{held.ends_on:%Y-%m-%d}"}
        raise ActivitiesError(_("It is promised from %(first)s to %(last)s. Choose a day of these.") % words)
    held.planned_on, held.is_planned_by_hand = day, True
    held.save()
    record(actor, "promise.planned", held, after={"day": day.isoformat()})
    return held


def unfit(portfolio_ids: Any, first: date, last: date) -> Any:
    """Open visits whose window ends within these days and that have no day."""
    rows = Promise.objects.filter(customer__root__portfolio__in=portfolio_ids, kind=Contacting.VISIT, state=Promise.State.OPEN, planned_on__isnull=True)
    return rows.filter(ends_on__gte=first, ends_on__lte=last)


def tell_of_unfit(day: date | None = None) -> int:
    """On the last working day of a week: who holds a portfolio, and its head, learn what does not fit into the week to come. How many portfolios there were."""
    begun = day or today()
    monday, sunday = week_of(begun + timedelta(days=7))
    if working_days(begun + ONE_DAY, monday - ONE_DAY) or not working_days(begun, begun):
        return 0
    rows = unfit(Portfolio.objects.filter(closed_on__isnull=True).values("pk"), monday, sunday)
    counts: Counter[int] = Counter(rows.values_list("customer__root__portfolio", flat=True))
    for portfolio in Portfolio.objects.filter(pk__in=counts):
        needs = [portfolio.token, f"head:{portfolio.department_id}"]
        words = {"portfolio": portfolio.name, "number": counts[portfolio.pk], "day": monday.isoformat()}
        url = f"{reverse('crm:visit_week')}?portfolio={portfolio.pk}&week={monday.isoformat()}"
        notify(UNFIT, words=words, recipients=people_holding(needs).values_list("pk", flat=True), url=url, needs=needs)
    return len(counts)


@transaction.atomic
def set_measure(portfolio: Portfolio, *, actor: Any, visits: int) -> None:
    """How many visits a day of this portfolio holds."""
    _refuse_strangers(portfolio, actor)
    if not 1 <= visits <= MOST_A_DAY:
        raise ActivitiesError(_("A day holds from 1 to %(most)s visits.") % {"most": MOST_A_DAY})
    row, _made = DayMeasure.objects.update_or_create(portfolio=portfolio, defaults={"visits": visits})
    record(actor, "visits.measured", portfolio, after={"visits": row.visits})


@transaction.atomic
def order_line(portfolio: Portfolio, *, actor: Any, customer_ids: Collection[int]) -> None:
    """The line of calls: these customers in this order. Who is not among them comes after."""
    _refuse_strangers(portfolio, actor)
    known = set(portfolio.customers.unmerged().values_list("pk", flat=True))
    wanted = [pk for pk in dict.fromkeys(customer_ids) if pk in known]
    LinePlace.objects.filter(customer__in=known).delete()
    LinePlace.objects.bulk_create([LinePlace(customer_id=pk, place=place) for place, pk in enumerate(wanted, 1)], batch_size=AT_ONCE)
    record(actor, "visits.line_ordered", portfolio, after={"number": len(wanted)})


@transaction.atomic
def set_rule(*, actor: Any, tier: str, kind: str, every: int, unit: str) -> PromiseRule | None:
    """How often customers of a tier are visited or called; never, where `every` is nought. Windows that have not begun follow by the next morning."""
    if not has_capability(actor, KEEP_ACTIVITIES):
        raise ActivitiesError(_("Only those who keep the rules of visits and calls may do this."))
    before = PromiseRule.objects.filter(tier=tier, kind=kind).first()
    said = {"tier": tier, "kind": kind, "every": every, "unit": unit}
    if every == 0:
        if before is not None:
            record(actor, "promises.rule_ended", before, before={"every": before.every, "unit": before.unit})
            before.delete()
        return None
    row, _made = PromiseRule.objects.update_or_create(tier=tier, kind=kind, defaults={"every": every, "unit": unit})
    record(actor, "promises.rule_set", row, after=said)
    return row


def _refuse_strangers(portfolio: Portfolio, actor: Any) -> None:
    if not decide(actor, "view", portfolio) or not decide_by_taking_part(actor, TakingPart(writer_tokens(portfolio))):
        raise ActivitiesError(str(NOT_YOURS))
