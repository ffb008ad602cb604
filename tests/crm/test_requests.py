"""What customers ask: one owner, one clock, and what pauses it."""

import random
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from crm.customers.models import Customer
from crm.customers.panels import work_in
from crm.customers.services.merges import merge_customers
from crm.sales.models import Lead
from crm.sales.services.leads import drop_lead
from crm.service.capabilities import KEEP_RULES
from crm.service.errors import ServiceError
from crm.service.models import Request, RequestEvent, RequestPause
from crm.service.services.keeping import hand_on_leavers, renew_dues, tell_of_late
from crm.service.services.requests import (
    answer_request,
    hand_on_request,
    name_customer,
    reopen_request,
    resume_request,
    send_to_sales,
    solve_request,
    wait_for_customer,
    work_on_request,
)
from crm.service.services.rules import USUAL, set_response_rule
from portal.access.policies import can, viewers_of, visible_to
from portal.calendar.clocks import Wait, due_of
from portal.calendar.models import CalendarDay
from portal.calendar.queries import hours_that_count
from portal.notifications.models import Notification
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import let
from tests.crm.serving import ask, at_desk
from tests.crm.writing import fresh, make_customer, make_portfolio


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def begun_at(request: Request, text: str, **values: object) -> Request:
    """As if its clock had begun then."""
    Request.objects.filter(pk=request.pk).update(started_at=at(text), **values)
    renew_dues()
    return Request.objects.get(pk=request.pk)


def test_a_request_has_an_owner_a_number_and_a_clock_of_business_time(cast: Cast, customer: Customer) -> None:
    one, other = ask(cast.salesperson, customer), ask(cast.salesperson, customer)
    assert (one.owner, one.department, one.state) == (cast.salesperson, cast.sales, "open")
    assert int(other.number[-5:]) == int(one.number[-5:]) + 1
    CalendarDay.objects.create(day="2026-02-14", kind="make_up", name="春节")
    moved = begun_at(one, "2026-02-13 15:00")  # a Friday before a Saturday that is worked
    assert (moved.answer_due_at, moved.solve_due_at, moved.due_at) == (at("2026-02-14 15:00"), at("2026-02-17 15:00"), at("2026-02-14 15:00"))
    CalendarDay.objects.create(day="2026-02-16", kind="rest", name="春节")
    assert begun_at(one, "2026-02-13 15:00").solve_due_at == at("2026-02-18 15:00"), "a corrected calendar moves the clock"


@pytest.mark.usefixtures("db")
def test_a_key_customer_is_called_back_within_24_hours_of_working_days() -> None:
    """As the portal begins, whatever the moment: around a make-up Saturday and a rest day of Spring Festival."""
    CalendarDay.objects.create(day="2026-02-14", kind="make_up", name="春节")
    CalendarDay.objects.create(day="2026-02-16", kind="rest", name="春节")
    chosen = random.Random(4)
    usual, bound = hours_that_count(USUAL.measure), hours_that_count("days")
    for _turn in range(400):
        begun = at("2026-02-10 00:00") + timedelta(minutes=chosen.randrange(12 * 24 * 60))
        due = due_of(usual, started_at=begun, allowed=timedelta(hours=USUAL.answer_hours))
        assert begun < due <= due_of(bound, started_at=begun, allowed=timedelta(hours=24))


def test_only_waiting_for_the_customer_pauses_and_says_why(cast: Cast, customer: Customer) -> None:
    asked = ask(cast.salesperson, customer)
    actor = fresh(cast.salesperson)
    with pytest.raises(ServiceError, match=r"先给|first answer"):
        wait_for_customer(asked, actor=actor, reason="等照片")
    due = answer_request(asked, actor=actor, text="已查在途，周四到。").solve_due_at
    work_on_request(asked, actor=actor, text="催了仓库")
    handed = hand_on_request(asked, actor=actor, to=cast.inspector, note="仓库的事你熟")
    assert handed.solve_due_at == due
    with pytest.raises(ServiceError):
        wait_for_customer(asked, actor=fresh(cast.inspector), reason=" ")
    waiting = wait_for_customer(asked, actor=fresh(cast.inspector), reason="等店主发照片")
    assert (waiting.state, waiting.solve_due_at, waiting.due_at) == ("waiting", None, None)
    resumed = resume_request(asked, actor=fresh(cast.inspector))
    pause = RequestPause.objects.get(request=asked)
    expected = due_of(hours_that_count("worked"), started_at=asked.started_at, allowed=timedelta(hours=24), waits=[Wait(pause.begins_at, pause.ends_at)])
    assert resumed.solve_due_at == expected
    assert [event.kind for event in asked.events.all()][::-1] == ["noted", "answered", "worked", "handed", "waited", "resumed"]


def test_taken_up_again_it_has_a_new_clock_and_stays_late(cast: Cast, customer: Customer) -> None:
    asked = begun_at(ask(cast.salesperson, customer), "2026-03-02 09:00")
    actor = fresh(cast.salesperson)
    solved = solve_request(asked, actor=actor, text="补送了一条", fee=1_500)
    assert (solved.due_at, solved.fee, solved.answered_at) == (None, 1_500, solved.solved_at)
    with pytest.raises(ServiceError):
        answer_request(asked, actor=actor, text="再说一句")
    again = reopen_request(asked, actor=actor, text="又缺了")
    assert (again.round, again.answered_at, again.was_late, again.state) == (2, None, True, "open")
    assert again.answer_due_at > timezone.now()


def test_rules_go_by_kind_and_tier(cast: Cast, customer: Customer) -> None:
    keeper = let(cast.workshop_head, KEEP_RULES, cast.admin)
    set_response_rule(actor=keeper, kind="", tier="", answer_hours=6, solve_hours=30)
    set_response_rule(actor=keeper, kind="supply", tier="", answer_hours=2, solve_hours=16, measure="wall")
    set_response_rule(actor=keeper, kind="supply", tier="key", answer_hours=1, solve_hours=4)
    told = [(one.answer_hours, one.solve_hours, one.measure) for one in (ask(cast.salesperson, customer), ask(cast.salesperson, customer, kind="billing"))]
    assert told == [(2, 16, "wall"), (6, 30, "worked")]
    with pytest.raises(ServiceError):
        set_response_rule(actor=keeper, kind="", tier="", answer_hours=9, solve_hours=3)
    with pytest.raises(ServiceError):
        set_response_rule(actor=fresh(cast.salesperson), kind="", tier="", answer_hours=1, solve_hours=3)


def test_decisions_rows_and_viewers_say_the_same(cast: Cast, customer: Customer) -> None:
    at_desk(cast, cast.operator)
    other = make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality), cast.inspector, "南门口惠民便利店")
    mine, theirs = ask(cast.salesperson, customer), ask(cast.inspector, other)
    unknown = ask(cast.operator, None, caller="13900001111")
    handed = hand_on_request(ask(cast.salesperson, customer), actor=fresh(cast.salesperson), to=cast.workshop_head, note="看看机台")
    sees = {
        mine.pk: {"孙丽", "张强"},
        theirs.pk: {"王伟", "李敏", "赵静", "张强"},
        unknown.pk: {"张强"},
        handed.pk: {"孙丽", "张强", "刘洋"},
    }
    for row in Request.objects.all():
        people = {person.name for person in cast.everyone if can(fresh(person), "view", row) and not person.is_superuser}
        assert people == sees[row.pk]
        assert people == {person.name for person in viewers_of(row) if not person.is_superuser}
        assert people == {person.name for person in cast.everyone if row in visible_to(Request, fresh(person)) and not person.is_superuser}


def test_a_handover_says_something_and_a_leaver_leaves_nothing_behind(cast: Cast, customer: Customer) -> None:
    asked = ask(cast.salesperson, customer)
    with pytest.raises(ServiceError):
        hand_on_request(asked, actor=fresh(cast.salesperson), to=cast.operator, note="  ")
    with pytest.raises(ServiceError, match="周涛"):
        hand_on_request(asked, actor=fresh(cast.salesperson), to=cast.leaver, note="给你")
    with pytest.raises(ServiceError):
        hand_on_request(asked, actor=fresh(cast.operator), to=cast.inspector, note="不是我的")
    hand_on_request(asked, actor=fresh(cast.salesperson), to=cast.operator, note="机台问题")
    assert [work.url for work in work_in([customer.portfolio_id])] == [asked.get_absolute_url()]
    cast.operator.employments.update(ends_on=today() - timedelta(days=1))
    assert hand_on_leavers() == 1
    asked.refresh_from_db()
    assert (asked.owner, asked.department) == (cast.salesperson, cast.sales)
    assert hand_on_leavers() == 0


def test_a_need_becomes_a_lead_once_and_both_see_its_fate(client_for, cast: Cast, customer: Customer) -> None:
    desk = at_desk(cast, cast.operator)
    asked = ask(desk, customer, "想进典藏两件")
    client = client_for(desk)
    assert client.post(f"{asked.get_absolute_url()}lead/").status_code == 302
    lead = Lead.objects.get()
    assert (lead.portfolio, lead.source, lead.author, lead.name) == (customer.portfolio, "service", desk, customer.name)
    with pytest.raises(ServiceError):
        send_to_sales(asked, actor=desk)
    page = client.get(asked.get_absolute_url()).content.decode()
    assert "待跟进" in page or str(lead.get_state_display()) in page
    assert f"/crm/leads/{lead.pk}/" not in page, "the desk does not open leads"
    assert asked.number in client_for(fresh(cast.salesperson)).get(f"/crm/leads/{lead.pk}/").content.decode()
    drop_lead(lead, actor=fresh(cast.salesperson), reason="没有货")
    assert "没有货" in client.get(asked.get_absolute_url()).content.decode()


def test_a_number_of_three_customers_asks_which(client_for, cast: Cast, customer: Customer) -> None:
    portfolio = customer.portfolio
    shops = [customer, *(make_customer(portfolio, cast.salesperson, name) for name in ("金穗二店", "金穗三店"))]
    client = client_for(fresh(cast.salesperson))
    form = {"who": "0731 8512 3307", "text": "少送一条", "kind": "supply", "channel": "phone"}
    answer = client.post("/crm/service/new/", form)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert all(shop.name in page for shop in shops)
    assert "少送一条" in page
    assert client.post("/crm/service/new/", form | {"which": str(shops[1].pk)}).status_code == 302
    assert Request.objects.get().customer == shops[1]
    unknown = form | {"who": "13900001111"}
    assert client.post("/crm/service/new/", unknown).status_code == 422
    assert client.post("/crm/service/new/", unknown | {"is_unknown": "on"}).status_code == 302
    asked = Request.objects.get(customer__isnull=True)
    assert asked.caller == "13900001111"
    with pytest.raises(ServiceError):
        send_to_sales(asked, actor=fresh(cast.salesperson))
    name_customer(asked, actor=fresh(cast.salesperson), customer=shops[2])
    assert send_to_sales(asked, actor=fresh(cast.salesperson)).need is not None


def test_what_is_asked_of_a_merged_file_is_of_the_file_that_stays(cast: Cast, customer: Customer) -> None:
    other = make_customer(customer.portfolio, cast.salesperson, "金穗烟酒")
    before = ask(cast.salesperson, other)
    merge_customers(customer, other, actor=fresh(cast.admin))
    after = ask(cast.salesperson, Customer.objects.get(pk=other.pk))
    assert (after.customer, Request.objects.get(pk=before.pk).who) == (customer, customer.name)
    assert set(visible_to(Request, fresh(cast.salesperson))) == {before, after}


def test_what_is_late_is_told_once(cast: Cast, customer: Customer) -> None:
    begun_at(ask(cast.salesperson, customer), "2026-03-02 09:00")
    ask(cast.salesperson, customer)
    assert (tell_of_late(), tell_of_late()) == (1, 0)


def test_the_list_filters_by_clock_and_owner(client_for, cast: Cast, customer: Customer) -> None:
    late = begun_at(ask(cast.salesperson, customer, "迟了的"), "2026-03-02 09:00")
    fine = answer_request(ask(cast.salesperson, customer, "答了的"), actor=fresh(cast.salesperson), text="好").pk
    gone = hand_on_request(ask(cast.salesperson, customer, "交了的"), actor=fresh(cast.salesperson), to=cast.operator, note="请接")
    client = client_for(fresh(cast.salesperson))
    wanted = {"": "迟答交", "?clock=late": "迟", "?clock=unanswered": "迟交", "?mine=on": "迟答", "?answered=yes": "答", "?answered=no": "迟"}
    for query, first in wanted.items():
        page = client.get(f"/crm/service/{query}").content.decode()
        assert "".join(word for word in "迟答交" if f"{word}了的" in page) == first, query
    assert client.post("/crm/service/?clock=late", {"export": "csv"}).status_code == 200
    assert late.pk != fine != gone.pk


def test_the_database_keeps_what_must_hold(cast: Cast, customer: Customer) -> None:
    asked = ask(cast.salesperson, customer)
    for broken in ({"state": "solved"}, {"state": "waiting"}, {"fee": -1}, {"customer": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Request.objects.filter(pk=asked.pk).update(**broken)
    for act in (lambda: RequestEvent.objects.all().update(text="别的"), lambda: RequestEvent.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            act()
    assert Notification.objects.count() == 0, "whoever notes their own is not told of it"
