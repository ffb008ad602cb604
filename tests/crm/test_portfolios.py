"""A portfolio is handed over from a day on, and nothing stays behind."""

from datetime import timedelta

import pytest

from crm.customers.errors import CustomersError
from crm.customers.models import Customer, Portfolio
from crm.customers.panels import work_in
from crm.customers.services.customers import move_customer
from crm.customers.services.dealings import keep_promise, note_dealing
from crm.customers.services.portfolios import hand_over, tell_of_vacancies, vacant_portfolios
from portal.access.policies import can
from portal.access.standings import refresh_standings
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.organization.services.employments import end_employment
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.writing import fresh, make_customer, make_portfolio


def test_from_the_day_on_the_next_holder_sees_all_and_the_last_one_nothing(cast: Cast, portfolio: Portfolio, customer: Customer) -> None:
    note_dealing(customer, actor=fresh(cast.salesperson), kind="call", text="来电", promise="典藏货源答复", due_on=today() + timedelta(days=1))
    assert [one.text for one in work_in([portfolio.pk])] == ["典藏货源答复"]
    hand_over(portfolio, actor=cast.admin, to=cast.inspector, starts_on=today() + timedelta(days=3), reason="轮岗")
    assert can(fresh(cast.salesperson), "change", customer)
    assert not can(fresh(cast.inspector), "view", customer)
    hand_over(portfolio, actor=cast.admin, to=cast.inspector, starts_on=today(), reason="提前")
    assert can(fresh(cast.inspector), "change", customer)
    assert not can(fresh(cast.salesperson), "view", customer)
    assert [one.text for one in work_in([portfolio.pk])] == ["典藏货源答复"], "what was promised goes with the portfolio"


def test_who_takes_over_is_told_once(cast: Cast, portfolio: Portfolio, customer: Customer) -> None:
    hand_over(portfolio, actor=cast.admin, to=cast.inspector, starts_on=today())
    drain()
    [bell] = Notification.objects.filter(recipient=cast.inspector, kind="customers.handed_over")
    assert (bell.words["portfolio"], bell.words["number"]) == ("城南三线", 1)


@pytest.mark.parametrize("case", ["past", "left", "same", "stranger"])
def test_a_handover_that_cannot_be_is_refused_with_a_sentence(cast: Cast, portfolio: Portfolio, case: str) -> None:
    actor = cast.inspector if case == "stranger" else cast.admin
    to = {"left": cast.leaver, "same": cast.salesperson}.get(case, cast.inspector)
    with pytest.raises(CustomersError):
        hand_over(portfolio, actor=fresh(actor), to=to, starts_on=today() - timedelta(days=case == "past"))
    assert portfolio.holdings.get().person == cast.salesperson


def test_when_the_holder_leaves_the_head_learns_of_it_once(cast: Cast, portfolio: Portfolio) -> None:
    assert not vacant_portfolios().exists()
    end_employment(cast.salesperson.employments.get(), last_day=today() - timedelta(days=1), actor=cast.admin)
    refresh_standings()
    assert list(vacant_portfolios()) == [portfolio]
    tell_of_vacancies()
    drain()
    assert Notification.objects.filter(kind="customers.vacant", recipient=cast.admin).count() == 1
    tell_of_vacancies()
    drain()
    assert Notification.objects.filter(kind="customers.vacant", recipient=cast.admin).count() == 1
    hand_over(portfolio, actor=cast.admin, to=cast.inspector, starts_on=today())
    assert not vacant_portfolios().exists()


def test_a_customer_goes_into_another_portfolio_with_all_that_is_open(cast: Cast, portfolio: Portfolio, customer: Customer) -> None:
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1")
    promise = note_dealing(customer, actor=fresh(cast.salesperson), kind="visit", text="到店", promise="送价格签", due_on=today())
    with pytest.raises(CustomersError):
        move_customer(customer, actor=fresh(cast.salesperson), to=other, reason="想换")
    move_customer(customer, actor=cast.admin, to=other, reason="片区调整")
    assert [one.text for one in work_in([other.pk])] == ["送价格签"]
    keep_promise(promise, actor=fresh(cast.inspector))
    keep_promise(promise, actor=fresh(cast.inspector))
    assert work_in([other.pk]) == []


def test_what_was_said_lies_in_the_past_and_a_promise_has_a_day(cast: Cast, portfolio: Portfolio) -> None:
    customer = make_customer(portfolio, cast.salesperson)
    for wrong in ({"promise": "回电"}, {"due_on": today()}):
        with pytest.raises(CustomersError):
            note_dealing(customer, actor=fresh(cast.salesperson), kind="call", text="来电", **wrong)
    assert not customer.dealings.exists()
