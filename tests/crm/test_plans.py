"""Plans add up, are decided by a paper, and are held against what was sold, under who answered for it on that day."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.customers.services.portfolios import hand_over
from crm.plans.actual import CUTS, Ledger
from crm.plans.errors import PlansError, SplitMeanwhileError
from crm.plans.models import Plan, PlanLine, PlanVersion, Sold
from crm.plans.services.asking import settle_version, submit_version
from crm.plans.services.plans import explain_deviation, not_adding_up, revise_plan, state_of
from crm.plans.services.proposing import candidates_of, propose
from crm.plans.splitting import divide
from portal.access.policies import can, viewers_of, visible_to
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.approvals.writing import refuse
from tests.cast import Cast, employ
from tests.crm.dealing import give_credit
from tests.crm.goods import make_prices, make_product, make_warehouse, receive
from tests.crm.planning import bring_back, lay_paper, make_plan, publish, sell, split, top
from tests.crm.writing import fresh, make_customer, make_portfolio


@pytest.fixture
def chief(cast: Cast):
    """赵静 heads 销售科 besides."""
    employ(cast.deputy, cast.sales, cast.head_post, is_primary=False)
    return fresh(cast.deputy)


@pytest.fixture
def product(cast: Cast, customer: Customer) -> Product:
    """At 100.00, enough of it, and credit for who buys it."""
    made = make_product(cast)
    make_prices(cast, {made: 10_000})
    receive(cast, made, make_warehouse(), 10_000)
    give_credit(cast, customer, 100_000_000)
    return made


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 5_000), st.lists(st.integers(0, 900), min_size=1, max_size=9).filter(any))
def test_whole_units_are_divided_as_the_method_says(total: int, weights: list[int]) -> None:
    given_ = divide(total, weights)
    assert sum(given_) == total
    assert all(amount == 0 for amount, weight in zip(given_, weights, strict=True) if not weight)
    naive = [0] * len(weights)
    for _turn in range(total):
        served = max(range(len(weights)), key=lambda place: (weights[place] / (2 * naive[place] + 1), -place))
        naive[served] += 1
    slow = [abs(one - other) for one, other in zip(given_, naive, strict=True)]
    assert max(slow) <= 1
    more = divide(total + 1, weights)
    assert all(after >= before for before, after in zip(given_, more, strict=True)), "a larger plan gives nobody less"
    for one, other in zip(given_, weights, strict=True):
        assert all(one <= after for after, weight in zip(given_, weights, strict=True) if weight > other)


def test_a_plan_is_split_proposed_and_published_by_a_paper(cast: Cast, customer: Customer, chief, product: Product) -> None:
    second = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1")
    plan = make_plan(cast, chief)
    line = top(plan)
    found = candidates_of(line, chief)
    assert {one.person for one in found} == {cast.salesperson, cast.inspector}
    with pytest.raises(PlansError, match="去年同期没有销售"):
        propose(line, found, by="sold", held_back=0, weights={})
    equal = propose(line, found, by="equal", held_back=10_000_000, weights={})
    assert [one.amount for one in equal] == [45_000_000, 45_000_000]
    by_hand = propose(line, found, by="hand", held_back=100, weights={found[0].key: 2, found[1].key: 1})
    assert sum(one.amount for one in by_hand) == 99_999_900
    assert all(one.amount % 100 == 0 for one in by_hand)
    for parts, sentence in (((60_000_000, 50_000_000), "100,000"), ((60_000_000, 10_000_000), "没有分给任何人")):
        with pytest.raises(PlansError, match=sentence):
            split(line, chief, 0, (cast.salesperson, parts[0]), (cast.inspector, parts[1]))
    split(line, chief, 10_000_000, (cast.salesperson, 50_000_000), (cast.inspector, 40_000_000))
    assert visible_to(Plan, fresh(cast.salesperson)).count() == 0, "a draft is not theirs to see"
    version = publish(cast, plan, chief)
    assert version.state == "published"
    drain()
    assert set(Notification.objects.filter(kind="plans.in_force").values_list("recipient", flat=True)) == {chief.pk, cast.salesperson.pk, cast.inspector.pk}
    for person, seen in ((cast.salesperson, True), (cast.inspector, True), (chief, True), (cast.director, True), (cast.operator, False), (cast.head, False)):
        assert visible_to(Plan, fresh(person)).exists() == can(fresh(person), "view", plan) == seen
        assert viewers_of(plan).filter(pk=person.pk).exists() == seen
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanLine.objects.filter(version=version).update(amount=1)
    with pytest.raises(PlansError, match="新版本"):
        split(top(plan), chief, 0)
    with pytest.raises(PlansError):
        revise_plan(plan, actor=chief, reason=" ")
    revised = revise_plan(plan, actor=chief, reason="上半年调整")
    assert [one.amount for one in revised.lines.order_by("pk")] == [one.amount for one in version.lines.order_by("pk")]
    with pytest.raises(PlansError):
        revise_plan(plan, actor=chief, reason="再来一版")
    assert second.pk


def test_the_database_holds_that_parts_come_to_the_whole(cast: Cast, customer: Customer, chief) -> None:
    plan = make_plan(cast, chief)
    split(top(plan), chief, 0, (cast.salesperson, 100_000_000))
    version = plan.versions.get()
    PlanLine.objects.filter(version=version, person=cast.salesperson).update(amount=99_999_900)
    assert [line.pk for line in not_adding_up(version)] == [top(plan).pk]
    lay_paper(cast)
    with pytest.raises(PlansError, match="销售科"):
        submit_version(version, actor=chief)
    PlanVersion.objects.filter(pk=version.pk).update(state="asked")
    with pytest.raises(IntegrityError):
        connection.check_constraints()


def test_two_heads_who_split_at_once(cast: Cast, customer: Customer, chief) -> None:
    plan = make_plan(cast, chief)
    make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1")
    line = top(plan)
    seen = state_of(line, [])
    split(line, chief, 0, (cast.salesperson, 60_000_000), (cast.inspector, 40_000_000), seen=seen)
    with pytest.raises(SplitMeanwhileError, match="孙丽 600,000") as refused:
        split(line, cast.director, 0, (cast.salesperson, 100_000_000), seen=seen)
    split(line, cast.director, 0, (cast.salesperson, 100_000_000), seen=refused.value.state)
    assert line.parts.get().person == cast.salesperson


def test_what_bad_input_is_told(cast: Cast, customer: Customer, chief, product: Product) -> None:
    with pytest.raises(PlansError, match="负责人"):
        make_plan(cast, cast.salesperson)
    for values in ({"amount": 0}, {"amount": 10**15}, {"measure": "quantity"}, {"department": cast.quality}):
        with pytest.raises(PlansError):
            make_plan(cast, cast.admin, **values)
    make_plan(cast, chief)
    with pytest.raises(PlansError, match="新版本"):
        make_plan(cast, chief)
    with pytest.raises(PlansError):
        split(top(Plan.objects.get()), cast.salesperson, 0)
    with pytest.raises(PlansError):
        split(top(make_plan(cast, chief, measure="quantity", product=product, amount=100)), chief, 0, (cast.shift, 100))


def test_a_refused_paper_puts_nothing_into_force(cast: Cast, customer: Customer, chief) -> None:
    plan = make_plan(cast, chief)
    lay_paper(cast)
    version = submit_version(plan.versions.get(), actor=chief)
    assert version.paper is not None
    with pytest.raises(PlansError):
        submit_version(version, actor=chief)
    refuse(version.paper, cast.director)
    settled = settle_version(version.paper.pk)
    assert settled is not None
    assert settled.state == "refused"
    assert revise_plan(plan, actor=chief, reason="按意见修改").number == 2


def check(plan: Plan, user: Any, version: PlanVersion) -> int:
    """Every cut comes to the total, and every line's parts to no more than its own."""
    ledger, total = Ledger(plan, user), None
    lines = list(version.lines.all())
    sums = ledger.by_line(lines, plan.starts_on, plan.ends_on)
    for line in lines:
        values = ledger.query(plan.starts_on, plan.ends_on, line)
        assert ledger.total(values) == sums[line.pk]
        for by in CUTS:
            parts = ledger.cut(by, line, plan.starts_on, plan.ends_on)
            assert sum(part.actual for part in parts) == sums[line.pk], by
        total = sums[line.pk] if line.parent_id is None else total
    assert total is not None
    return total


def test_actual_is_by_the_responsibility_of_the_day(cast: Cast, customer: Customer, portfolio, chief, product: Product) -> None:
    start = timezone.now()
    plan = make_plan(cast, chief, period="month" if today().day < 20 else "year")
    split(top(plan), chief, 0, (cast.salesperson, 100_000_000))
    version = publish(cast, plan, chief)
    first = sell(cast, customer, product, 30)
    with time_machine.travel(start + timedelta(days=2)):
        hand_over(portfolio, actor=fresh(cast.admin), to=cast.inspector, starts_on=today())
        sell(cast, customer, product, 7)
        bring_back(cast, first, 10)
        ledger = Ledger(plan, chief)
        last = plan.ends_on + timedelta(days=3)
        by = {part.label: part.actual for part in ledger.cut("person", top(plan), plan.starts_on, last)}
        assert by == {"孙丽": 300_000, "王伟": -30_000}, "sold by who held it on the day, brought back to who holds it then"
        assert not visible_to(Customer, fresh(cast.salesperson)).exists()
        mine = Ledger(plan, fresh(cast.salesperson))
        own = version.lines.get(person=cast.salesperson)
        assert mine.by_line([own], plan.starts_on, last)[own.pk] == 300_000, "a mover's sales stay theirs"
        assert set(visible_to(Sold, fresh(cast.salesperson)).values_list("person", flat=True)) == {cast.salesperson.pk}
    with pytest.raises(DatabaseError), transaction.atomic():
        Sold.objects.update(fen=1)


def test_who_takes_over_on_the_same_day_answers_for_the_day(cast: Cast, customer: Customer, portfolio, product: Product) -> None:
    sell(cast, customer, product, 3)
    assert Sold.objects.get().person == cast.salesperson
    hand_over(portfolio, actor=fresh(cast.admin), to=cast.inspector, starts_on=today())
    assert Sold.objects.get().person == cast.inspector


def test_each_figure_is_the_sum_of_its_list_and_strangers_see_none(client_for, cast: Cast, customer: Customer, chief, product: Product) -> None:
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1")
    second = make_customer(other, cast.inspector, "枫林路同乐副食店")
    give_credit(cast, second, 100_000_000)
    sell(cast, customer, product, 30)
    sell(cast, second, product, 11)
    plan = make_plan(cast, chief)
    split(top(plan), chief, 0, (cast.salesperson, 60_000_000), (cast.inspector, 40_000_000))
    publish(cast, plan, chief)
    page = client_for(chief).get(f"{plan.get_absolute_url()}?by=person")
    rows = {row.label: row for row, *_words in page.context["rows"]}
    assert (rows["销售科"].actual, rows["孙丽"].actual, rows["王伟"].actual) == (410_000, 300_000, 110_000)
    for row in rows.values():
        listed = client_for(chief).get(f"/crm/plans/sold/?{row.query}")
        assert sum(one.fen for one in listed.context["page"].rows) == row.actual
    mine = client_for(cast.salesperson).get(plan.get_absolute_url())
    assert [row.label for row, *_words in mine.context["rows"]] == ["孙丽"]
    assert "4,100" not in mine.content.decode()
    assert [one.fen for one in client_for(cast.salesperson).get("/crm/plans/sold/").context["page"].rows] == [300_000]
    assert client_for(cast.operator).get(plan.get_absolute_url()).status_code == 404
    assert client_for(cast.operator).get("/crm/plans/sold/").context["page"].rows == []
    assert client_for(chief).get(f"{plan.get_absolute_url()}?on=2026-02-30").status_code == 422
    file = client_for(chief).post(plan.get_absolute_url())
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content) if file.streaming else file.content)).active
    assert [row[3].value for row in sheet.iter_rows(min_row=2, max_row=4)] == [4_100, 3_000, 1_100]


def test_a_deviation_is_explained_by_oneself_or_ones_head(client_for, cast: Cast, customer: Customer, chief, product: Product) -> None:
    plan = make_plan(cast, chief)
    split(top(plan), chief, 0, (cast.salesperson, 100_000_000))
    version = publish(cast, plan, chief)
    own = version.lines.get(person=cast.salesperson)
    client = client_for(cast.salesperson)
    sent = client.post(f"{plan.get_absolute_url()}lines/{own.pk}/reasons/new/", {"reason": "新店推迟开业", "measure": "三月补齐"})
    assert sent.status_code == 302
    assert "新店推迟开业" in client.get(plan.get_absolute_url()).content.decode()
    with pytest.raises(PlansError):
        explain_deviation(own, actor=fresh(cast.operator), on=today(), actual=0, reason="与我无关")
    with pytest.raises(DatabaseError), transaction.atomic():
        plan.deviations.update(reason="改写")


def test_the_page_proposes_keeps_what_was_typed_and_saves(client_for, cast: Cast, customer: Customer, chief) -> None:
    plan = make_plan(cast, chief)
    address = f"{plan.get_absolute_url()}lines/{top(plan).pk}/"
    client = client_for(chief)
    key = f"p{cast.salesperson.pk}"
    seen = client.get(address).context["seen"]
    proposed = client.post(address, {"act": "propose", "by": "equal", "held_back": "100,000", "seen": seen})
    assert [row[3] for row in proposed.context["rows"]] == ["900000"]
    wrong = client.post(address, {"act": "save", "by": "equal", "held_back": "100000", key: "900001", "seen": seen})
    assert wrong.status_code == 422
    assert "900001" in wrong.content.decode()
    assert client.post(address, {"act": "save", "by": "equal", "held_back": "一万", key: "1", "seen": seen}).status_code == 422
    assert client.post(address, {"act": "save", "by": "equal", "held_back": "100000", key: "900000", "seen": seen}).status_code == 302
    assert top(plan).parts.get().amount == 90_000_000
    assert client_for(cast.salesperson).get(address).status_code == 404
