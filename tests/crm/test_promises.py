"""Regular visits and calls: promised as a naive count says, kept, missed, excused; laid on days; what does not fit is said before the week."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from random import Random

import pytest
import time_machine
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.activities.capabilities import KEEP_ACTIVITIES
from crm.activities.errors import ActivitiesError
from crm.activities.laying import Stop, lay
from crm.activities.models import Laying, Promise, PromiseRule
from crm.activities.services.keeping import agree_on, excuse_promise, say_why
from crm.activities.services.months import begin_laying
from crm.activities.services.planning import lay_visits, order_line, plan_visit, set_measure, tell_of_unfit, unfit
from crm.activities.services.promising import make_all_promises, settle_promises
from crm.activities.windows import EPOCH, month_of, week_of, window_of, windows_begun
from crm.customers.models import Customer, Portfolio, PortfolioHolding, TierSpan
from crm.customers.panels import work_in
from crm.customers.services.dealings import note_dealing
from crm.customers.services.merges import merge_customers
from crm.customers.services.portfolios import hand_over
from portal.access.policies import can, viewers_of, visible_to
from portal.calendar.models import CalendarDay
from portal.calendar.services import set_day
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.goods import let
from tests.crm.visiting import decision, met, promise_all, promised, put_into_tier
from tests.crm.writing import fresh, let_keep, make_customer, make_portfolio

DAY = timedelta(days=1)
MONDAY = date(2026, 9, 7)  # a term with the holidays of September and October, and their make-up days
TIERS = ("key", "ordinary", "strategic", "none")


class World:
    """Two portfolios, five customers, and what a naive reader remembers of every morning."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice, self.decided = cast, Random(seed), decision(cast)
        self.people = [cast.salesperson, cast.inspector, cast.operator]
        self.portfolios = [make_portfolio(cast, f"{name}线", code=name) for name in ("甲", "乙")]
        PortfolioHolding.objects.all().delete()
        self.held: dict[int, list[tuple[date, int | None]]] = {}
        for portfolio in self.portfolios:
            PortfolioHolding.objects.create(portfolio=portfolio, person=self.people[0], starts_on=MONDAY)
            self.held[portfolio.pk] = [(MONDAY, self.people[0].pk)]
        self.customers = [make_customer(self.portfolios[number % 2], cast.admin, f"红星路{number}号店") for number in range(5)]
        self.place = {one.pk: one.portfolio_id for one in self.customers}
        self.tier: dict[int, str] = dict.fromkeys(self.place, "none")
        self.ended: dict[int, date] = {}
        self.rest: dict[date, bool] = {}
        self.visits: dict[tuple[int, str], set[date]] = defaultdict(set)
        self.promised: dict[tuple[int, str, date, date], str] = {}
        self.stamped: dict[tuple[int, str, date, date], tuple[int, int | None]] = {}

    def is_working(self, day: date) -> bool:
        return self.rest.get(day, day.weekday() < 5)

    def morning(self, day: date) -> None:
        make_all_promises(day)
        settle_promises(day)
        for pk in self.place:
            for rule in PromiseRule.objects.filter(tier=self.tier[pk]):
                first, last = window_of(rule.unit, rule.every, day)
                days = [first + number * DAY for number in range((last - first).days + 1)]
                if first == day and self.ended.get(pk, date.max) > day and any(self.is_working(one) for one in days):
                    self.promised[(pk, rule.kind, first, last)] = "open"
        for key, state in list(self.promised.items()):
            if state == "open" and key[3] < day:
                self.promised[key] = "missed"
                place = self.place[key[0]]
                self.stamped[key] = (place, [who for since, who in self.held[place] if since <= key[3]][-1])

    def happens(self, day: date) -> None:
        dice, one = self.dice, self.dice.choice(self.customers)
        for act in dice.sample(("tier", "visit", "call", "move", "hold", "holiday", "end"), 2):
            if act == "tier":
                TierSpan.objects.filter(customer=one, ends_on__gt=day).update(ends_on=day)
                self.tier[one.pk] = dice.choice(TIERS)
                if self.tier[one.pk] != "none" and not TierSpan.objects.filter(customer=one, starts_on__gt=day).exists():
                    put_into_tier(one, self.tier[one.pk], self.decided, day + DAY)
            elif act in ("visit", "call"):
                met(one, self.people[0], day, act)
                self.keeps(one.pk, ("visit", "call") if act == "visit" else ("call",), day)
            elif act == "move":
                self.place[one.pk] = dice.choice(self.portfolios).pk
                Customer.objects.filter(pk=one.pk).update(portfolio=self.place[one.pk])
            elif act == "hold":
                portfolio, person = dice.choice(self.portfolios), dice.choice([*self.people, None])  # nobody: the holder has left
                PortfolioHolding.objects.filter(portfolio=portfolio, ends_on__isnull=True).update(ends_on=day)
                if person is not None:
                    PortfolioHolding.objects.create(portfolio=portfolio, person=person, starts_on=day + DAY)
                self.held[portfolio.pk].append((day + DAY, person.pk if person else None))
            elif act == "holiday":
                first = day + dice.randrange(1, 25) * DAY
                for number in range(dice.randrange(1, 9)):
                    self.rest[first + number * DAY] = False
                    CalendarDay.objects.update_or_create(day=first + number * DAY, defaults={"kind": "rest"})
            elif act == "end" and dice.randrange(6) == 0:
                self.ended[one.pk] = day
                Customer.objects.filter(pk=one.pk).update(ended_on=day)

    def keeps(self, pk: int, kinds: tuple[str, ...], day: date) -> None:
        for key, state in self.promised.items():
            if key[0] == pk and key[1] in kinds and key[2] <= day <= key[3] and state != "kept":
                self.promised[key] = "kept"


@pytest.mark.parametrize("seed", range(2))
def test_coverage_equals_a_naive_count_over_tiers_holidays_moves_and_leavers(cast: Cast, seed: int) -> None:
    world = World(cast, seed)
    day = MONDAY
    while day < MONDAY + 38 * DAY:
        world.morning(day)
        world.happens(day)
        day += DAY
    world.morning(day)
    begun = Promise.objects.filter(starts_on__lte=day)
    assert {(row.customer_id, row.kind, row.starts_on, row.ends_on): row.state for row in begun} == world.promised
    missed = begun.filter(state="missed")
    assert {(row.customer_id, row.kind, row.starts_on, row.ends_on): (row.portfolio_id, row.holder_id) for row in missed} == {
        key: stamp for key, stamp in world.stamped.items() if world.promised[key] == "missed"
    }
    assert len({*world.promised.values()}) == 3


def test_making_twice_makes_nothing_and_what_has_begun_stays_when_the_tier_changes(cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    decided = decision(cast)
    span = put_into_tier(customer, "key", decided)
    assert promise_all(portfolio, MONDAY) == 5
    assert promise_all(portfolio, MONDAY) == 0
    span.ends_on = MONDAY + 2 * DAY
    span.save()
    put_into_tier(customer, "ordinary", decided, MONDAY + 3 * DAY)
    promise_all(portfolio, MONDAY + 3 * DAY)
    rows = set(Promise.objects.values_list("kind", "starts_on"))
    fortnight = window_of("week", 2, MONDAY + 7 * DAY)[0]
    assert ("visit", MONDAY) in rows
    assert ("visit", date(2026, 10, 1)) in rows
    assert {kind for kind, _day in rows} == {"visit", "call"}
    assert not {day for kind, day in rows if kind == "visit"} - {MONDAY, date(2026, 10, 1)}
    assert all((day - fortnight).days % 14 == 0 for kind, day in rows if kind == "call")


def test_windows_follow_each_other_without_gap_and_hold_their_days() -> None:
    dice = Random(3)
    for _number in range(300):
        unit, every, day = dice.choice(("week", "month")), dice.randrange(1, 7), EPOCH + dice.randrange(-900, 2_000) * DAY
        first, last = window_of(unit, every, day)
        assert first <= day <= last
        assert window_of(unit, every, first) == window_of(unit, every, last) == (first, last)
        following = window_of(unit, every, last + DAY)
        assert following[0] == last + DAY
        assert list(windows_begun(unit, every, first, last + DAY)) == [(first, last), following]
        assert list(windows_begun(unit, every, first + DAY, last)) == []
    assert week_of(date(2026, 9, 13)) == (date(2026, 9, 7), date(2026, 9, 13))
    assert month_of(date(2026, 12, 31)) == (date(2026, 12, 1), date(2026, 12, 31))


def test_a_call_does_not_keep_a_visit_and_a_visit_keeps_both(cast: Cast, customer: Customer) -> None:
    visit, call = promised(customer), promised(customer, "call")
    note_dealing(customer, actor=fresh(cast.salesperson), kind="call", text="订货")
    assert [Promise.objects.get(pk=one.pk).state for one in (visit, call)] == ["open", "kept"]
    seen = note_dealing(customer, actor=fresh(cast.salesperson), kind="visit", text="到店")
    visit.refresh_from_db()
    assert (visit.state, visit.dealing, visit.holder, visit.settled_on) == ("kept", seen, cast.salesperson, today())


def test_what_comes_late_from_the_field_still_keeps_what_was_taken_for_missed(cast: Cast, customer: Customer) -> None:
    late = promised(customer, starts=-9, days=7)
    assert settle_promises() == 1
    drain()
    [bell] = Notification.objects.filter(recipient=cast.salesperson, kind="activities.missed")
    assert bell.words["number"] == 1
    met(customer, cast.salesperson, today() - 4 * DAY)
    late.refresh_from_db()
    assert (late.state, late.settled_on) == ("kept", today() - 4 * DAY)


def test_what_was_missed_gets_a_reason_and_only_the_head_excuses(cast: Cast) -> None:
    portfolio = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    customer = make_customer(portfolio, cast.inspector)
    missed = promised(customer, starts=-9, days=7)
    with pytest.raises(ActivitiesError):
        say_why(missed, actor=fresh(cast.inspector), reason="大雨")
    settle_promises()
    with pytest.raises(ActivitiesError):
        say_why(missed, actor=fresh(cast.inspector), reason="  ")
    with pytest.raises(ActivitiesError):
        say_why(missed, actor=fresh(cast.salesperson), reason="大雨")
    assert say_why(missed, actor=fresh(cast.inspector), reason="大雨封路").state == "missed"
    with pytest.raises(ActivitiesError):
        excuse_promise(missed, actor=fresh(cast.inspector), reason="大雨封路")
    assert excuse_promise(missed, actor=fresh(cast.head), reason="大雨封路").state == "excused"
    with pytest.raises(ActivitiesError):
        excuse_promise(missed, actor=fresh(cast.head), reason="再说一次")


def test_a_day_is_agreed_moved_and_refused_with_a_sentence(cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    actor = fresh(cast.salesperson)
    agreed = agree_on(customer, actor=actor, kind="visit", day=today() + DAY, subject="看陈列")
    assert plan_visit(agreed, actor=actor, day=today() + 3 * DAY).due_on == today() + 3 * DAY
    ruled = promised(customer, days=5)
    for act, said in (
        (lambda: agree_on(customer, actor=actor, kind="visit", day=today() + 3 * DAY), "already"),
        (lambda: agree_on(customer, actor=actor, kind="visit", day=today() - DAY), "past"),
        (lambda: agree_on(customer, actor=fresh(cast.inspector), kind="visit", day=today()), "portfolio"),
        (lambda: plan_visit(ruled, actor=actor, day=today() + 9 * DAY), "promised from"),
        (lambda: plan_visit(ruled, actor=actor, day=today() - DAY), "past"),
    ):
        with pytest.raises(ActivitiesError) as refusal, translation.override("en"):
            act()
        assert said in str(refusal.value)
    Customer.objects.filter(pk=customer.pk).update(ended_on=today())
    with pytest.raises(ActivitiesError) as refusal, translation.override("en"):
        agree_on(customer, actor=actor, kind="visit", day=today() + 5 * DAY)
    assert "closed since" in str(refusal.value)
    assert Promise.objects.count() == 2


def test_what_is_promised_to_a_merged_customer_is_kept_at_the_file_that_stays(cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    double = make_customer(portfolio, cast.salesperson, "红星路金穗便利店")
    was, own = promised(double), promised(customer)
    merge_customers(customer, double, actor=let_keep(cast.director, cast.admin), reason="同一家店")
    assert agree_on(double, actor=fresh(cast.salesperson), kind="call", day=today()).customer == customer
    note_dealing(customer, actor=fresh(cast.salesperson), kind="visit", text="到店")
    assert {Promise.objects.get(pk=one.pk).state for one in (was, own)} == {"kept"}


def test_what_is_open_goes_with_the_portfolio(cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    one = promised(customer)
    assert [work.due_on for work in work_in([portfolio.pk])] == [one.due_on]
    hand_over(portfolio, actor=cast.admin, to=cast.inspector, starts_on=today(), reason="轮岗")
    assert can(fresh(cast.inspector), "change", one)
    assert not can(fresh(cast.salesperson), "view", one)


def test_decisions_rows_and_viewers_say_the_same(cast: Cast, customer: Customer) -> None:
    other = make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality), cast.inspector, "南门口惠民便利店")
    let_keep(cast.director, cast.admin)
    for one, sees in ((promised(customer), {"孙丽", "陈刚"}), (promised(other), {"王伟", "李敏", "赵静", "陈刚"})):
        people = [person for person in cast.everyone if not person.is_superuser]
        assert {person.name for person in people if can(fresh(person), "view", one)} == sees
        assert {person.name for person in viewers_of(one) if not person.is_superuser} == sees
        assert {person.name for person in people if one in visible_to(Promise, fresh(person))} == sees


def best_number(stops: list[Stop], days: list[date], measure: int, taken: dict[date, int]) -> int:
    """By trying every way round (a matching by augmenting paths)."""
    slots = [(day, number) for day in days for number in range(measure - taken.get(day, 0))]
    of_slot: dict[tuple[date, int], int] = {}

    def put(place: int, seen: set[tuple[date, int]]) -> bool:
        for slot in slots:
            if stops[place].first <= slot[0] <= stops[place].last and slot not in seen:
                seen.add(slot)
                if slot not in of_slot or put(of_slot[slot], seen):
                    of_slot[slot] = place
                    return True
        return False

    return sum(put(place, set()) for place in range(len(stops)))


@given(
    spans=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=14),
    worked=st.sets(st.integers(0, 11), max_size=8),
    measure=st.integers(1, 3),
    taken=st.dictionaries(st.integers(0, 11), st.integers(0, 4), max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_as_many_are_laid_as_can_be_and_no_day_holds_more(spans, worked, measure, taken) -> None:
    stops = [Stop(key, MONDAY + first * DAY, MONDAY + (first + length) * DAY, (key,)) for key, (first, length) in enumerate(spans)]
    days, full = [MONDAY + number * DAY for number in sorted(worked)], {MONDAY + number * DAY: count for number, count in taken.items()}
    found = lay(stops, days, measure, full)
    assert len(found) == best_number(stops, days, measure, full)
    for day in days:
        assert sum(one == day for one in found.values()) <= max(0, measure - full.get(day, 0))
    assert all(stop.first <= found[stop.key] <= stop.last and found[stop.key] in days for stop in stops if stop.key in found)


def test_a_week_is_laid_evenly_along_the_line_and_what_does_not_fit_is_said_before(cast: Cast, portfolio: Portfolio) -> None:
    customers = [make_customer(portfolio, cast.salesperson, f"红星路{number}号店", licence_no="") for number in range(10)]
    order_line(portfolio, actor=fresh(cast.salesperson), customer_ids=[one.pk for one in reversed(customers)])
    monday = week_of(today() + 14 * DAY)[0]
    with time_machine.travel(timezone.make_aware(datetime(monday.year, monday.month, monday.day, 7)) - 3 * DAY, tick=False):
        for one in customers:
            promised(one, starts=3, days=7)
        assert lay_visits(portfolio, first=monday, last=monday + 6 * DAY) == 0
        by_day = defaultdict(list)
        for row in Promise.objects.order_by("customer__line_place__place"):
            by_day[row.planned_on].append(row.customer)
        assert [by_day[monday + number * DAY] for number in range(5)] == [customers[::-1][2 * number : 2 * number + 2] for number in range(5)]
        set_measure(portfolio, actor=fresh(cast.salesperson), visits=1)
        moved = plan_visit(Promise.objects.get(customer=customers[0]), actor=fresh(cast.salesperson), day=monday + 5 * DAY)
        assert lay_visits(portfolio, first=monday, last=monday + 6 * DAY, anew=True) == 4
        assert Promise.objects.get(pk=moved.pk).planned_on == monday + 5 * DAY
        assert unfit([portfolio.pk], monday, monday + 6 * DAY).count() == 4
        assert tell_of_unfit() == 1
        drain()
        [bell] = Notification.objects.filter(recipient=cast.salesperson, kind="activities.unfit")
        assert bell.words["number"] == 4
    with time_machine.travel(timezone.make_aware(datetime(monday.year, monday.month, monday.day, 7)) - 5 * DAY, tick=False):
        assert tell_of_unfit() == 0


def test_a_corrected_calendar_moves_what_is_due(cast: Cast, customer: Customer) -> None:
    one = promised(customer, days=2)
    set_day(one.due_on, kind="rest", actor=cast.admin)
    set_day(one.starts_on, kind="work", actor=cast.admin)
    one.refresh_from_db()
    assert one.due_on == one.starts_on


def test_a_head_lays_the_month_for_all_and_sees_how_far_it_is(client_for, cast: Cast) -> None:
    portfolio = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    customer = make_customer(portfolio, cast.inspector)
    for number in range(22):
        Portfolio.objects.create(code=f"B{number}", name=f"城北{number}线", department=cast.quality)
    head = client_for(cast.head)
    assert client_for(cast.salesperson).get("/crm/visits/months/new/").status_code == 403
    assert head.post("/crm/visits/months/new/", {"month": "2020-01-01"}).status_code == 422
    answer = head.post("/crm/visits/months/new/", {"month": today().isoformat()})
    assert answer.status_code == 302
    drain()
    laying = Laying.objects.get()
    assert (laying.done, laying.total, laying.unfit, laying.ended_at is None) == (23, 23, 0, False)
    assert Promise.objects.filter(customer=customer).exists()
    assert "23" in head.get(answer.url).content.decode()
    assert client_for(cast.inspector).get(answer.url).status_code == 404
    with pytest.raises(ActivitiesError):
        begin_laying(actor=fresh(cast.salesperson), month=today())


def test_the_week_shows_what_is_promised_to_whom_and_what_was_missed(client_for, cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    client = client_for(cast.salesperson)
    put_into_tier(customer, "key", decision(cast))
    note_dealing(customer, actor=fresh(cast.salesperson), kind="note", text="来电", promise="典藏货源答复", due_on=today())
    PortfolioHolding.objects.update(starts_on=date(2020, 1, 1))
    promised(customer, days=1, planned_on=today())
    promised(customer, "call", days=1)
    missed = promised(customer, starts=-9, days=7)
    settle_promises()
    page = client.get("/crm/visits/")
    text = page.content.decode()
    assert all(words in text for words in (customer.name, "典藏货源答复", "重点" if "重点" in text else "tag"))
    assert [len(day.visits) for day in page.context["week"].days if day.is_today] == [1]
    at = f"/crm/visits/promises/{missed.pk}/"
    assert client.post(f"{at}why/", {"reason": "车坏了"}).status_code == 302
    assert "车坏了" in client.get(at).content.decode()
    assert client.post(f"{at}excuse/", {"reason": "车坏了"}).status_code == 422
    listed = client.get("/crm/visits/promises/", {"state": "missed", "why": "said", "portfolio": portfolio.pk, "person": cast.salesperson.pk})
    assert [row.pk for row in listed.context["page"].rows] == [missed.pk]
    form = {"customer": "jinsui", "kind": "visit", "day": (today() + DAY).isoformat(), "subject": "看陈列"}
    assert client.post("/crm/visits/promises/new/", form).status_code == 302
    assert client.post("/crm/visits/promises/new/", form | {"day": "2020-01-01"}).status_code == 422
    agreed = Promise.objects.get(origin="agreed")
    assert client.post(f"/crm/visits/promises/{agreed.pk}/day/", {"day": (today() + 2 * DAY).isoformat()}).status_code == 302
    assert "看陈列" in client.get(customer.get_absolute_url()).content.decode()
    assert client.get("/crm/visits/?week=2026-13-99&portfolio=999999999999999999").status_code == 200
    assert client_for(cast.inspector).get(at).status_code == 404


def test_measure_line_and_rules_are_set_on_their_pages(client_for, cast: Cast, customer: Customer, portfolio: Portfolio) -> None:
    client, other = client_for(cast.salesperson), make_customer(portfolio, cast.salesperson, "南门口惠民便利店")
    at = f"/crm/portfolios/{portfolio.pk}/"
    assert client.post(f"{at}measure/", {"visits": "0"}).status_code == 422
    assert client.post(f"{at}measure/", {"visits": "12"}).status_code == 302
    assert client.get("/crm/visits/").context["week"].measure == 12
    assert client.post(f"{at}line/", {"order": f"{other.code} 惠民\n没有的号\n{customer.code}"}).status_code == 302
    assert client.get(f"{at}line/").context["form"].initial["order"].split()[0] == other.code
    assert client.get("/crm/visits/rules/").status_code == 403
    let(cast.salesperson, KEEP_ACTIVITIES, cast.admin)
    rule = {"tier": "key", "kind": "visit", "every": "2", "unit": "week"}
    assert client.post("/crm/visits/rules/set/", rule | {"every": "13"}).status_code == 422
    assert client.post("/crm/visits/rules/set/", rule).status_code == 302
    assert PromiseRule.objects.get(tier="key", kind="visit").every == 2
    assert client.post("/crm/visits/rules/set/", rule | {"every": "0"}).status_code == 302
    assert not PromiseRule.objects.filter(tier="key", kind="visit").exists()
    assert client.get("/crm/visits/rules/").status_code == 200
