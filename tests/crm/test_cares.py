"""Care: a campaign of promises. After a flood customers are asked by telephone, aid is decided by a paper, visits bring it; at the end it is evaluated."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.activities.care_figures import FIGURES, figures_by_portfolio, figures_of
from crm.activities.errors import ActivitiesError
from crm.activities.models import Care, CareCase, Promise
from crm.activities.services.aid import ask_for_aid, set_aid, settle_aid
from crm.activities.services.cares import Selection, add_customers, chosen_customers, evaluate_care, note_handed_over, take_answer
from crm.activities.services.keeping import excuse_promise
from crm.activities.services.promising import settle_promises
from crm.customers.models import Customer, Dealing, Portfolio
from crm.customers.panels import work_in
from crm.customers.services.merges import merge_customers
from crm.customers.services.portfolios import hand_over
from portal.access.policies import can, viewers_of, visible_to
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.approvals.writing import approve, now, refuse
from tests.cast import Cast
from tests.crm.caring import begin_care, case_of, harmed, make_aid_kind
from tests.crm.visiting import decision, met, promised, put_into_tier
from tests.crm.writing import fresh, let_keep, make_customer, make_portfolio

DAY = timedelta(days=1)


@pytest.fixture
def other(cast: Cast, portfolio: Portfolio) -> Customer:
    return make_customer(portfolio, cast.salesperson, "湘江路顺发便利店", address="长沙市岳麓区湘江路2号", market="country")


def figures(care: Care) -> dict[str, int]:
    return figures_of(CareCase.objects.once().filter(care=care))


def told(person: Any) -> list[str]:
    return list(Notification.objects.filter(recipient=person, kind__startswith="activities.care").order_by("pk").values_list("kind", flat=True))


def test_a_flood_from_the_first_call_to_the_result(cast: Cast, customer: Customer, other: Customer) -> None:
    make_aid_kind(cast)
    head = let_keep(cast.operator, cast.admin)
    care = begin_care(cast.admin)
    drain()
    assert told(cast.salesperson) == ["activities.care"]
    assert care.department == cast.sales
    assert figures(care)["unasked"] == 2
    assert not Promise.objects.exists(), "after a disaster nothing is promised before it is decided"
    with pytest.raises(ActivitiesError, match="先"):
        ask_for_aid(care, actor=head, reason="被淹")
    promised_call = promised(customer, "call")
    case = harmed(care, customer, cast.salesperson, damage=320_000, harmed_shop=True)
    promised_call.refresh_from_db()
    assert promised_call.state == "kept", "the call stands in the file, and keeps what was promised of calls"
    assert Dealing.objects.filter(customer=customer, kind="call").count() == 1
    harmed(care, customer, cast.salesperson, damage=350_000, harmed_shop=True)
    assert Dealing.objects.filter(customer=customer, kind="call").count() == 1, "corrected, not called twice"
    take_answer(case_of(care, other), actor=fresh(cast.salesperson), reached=False)
    found = figures(care)
    assert (found["all"], found["reached"], found["unreached"], found["harmed"], found["shop"], found["stock"], found["people"]) == (2, 1, 1, 1, 1, 1, 0)
    assert found["damage"] == 350_000
    with pytest.raises(ActivitiesError, match="受损"):
        set_aid(care, actor=head, cases=[case_of(care, other)], aid="大米", fen=0)
    assert set_aid(care, actor=head, cases=[case], aid="抽水泵一台", fen=180_000) == 1
    asked = ask_for_aid(care, actor=head, reason="货架与库存被淹")
    content = now(asked.paper).content
    assert content is not None
    assert content.values["amount"] == "1800.00"
    assert content.values["lines"][0]["aid"] == "抽水泵一台"
    with pytest.raises(ActivitiesError):
        evaluate_care(care, actor=head, verdict="reached", result="已送到")
    for refused in (lambda: set_aid(care, actor=head, cases=[case], aid="大米", fen=0), lambda: ask_for_aid(care, actor=head, reason="再报")):
        with pytest.raises(ActivitiesError):
            refused()
    approve(asked.paper, cast.director)
    drain()
    promise = Promise.objects.get(origin="care")
    assert (promise.customer, promise.kind, promise.starts_on, promise.ends_on) == (customer, "visit", today(), care.ends_on)
    assert promise.planned_on is not None, "it has a day in the week of whoever holds the portfolio"
    assert "抽水泵" in promise.subject
    assert told(cast.salesperson) == ["activities.care", "activities.care"]
    assert told(cast.operator)[-1] == "activities.care_decided"
    assert settle_aid(asked.paper_id) == asked
    assert Promise.objects.filter(origin="care").count() == 1, "done again it does nothing"
    with pytest.raises(ActivitiesError):
        note_handed_over(case, actor=fresh(cast.salesperson), text="抽水泵一台")
    met(customer, cast.salesperson, today())
    note_handed_over(case, actor=fresh(cast.salesperson), text="抽水泵一台，店主签收")
    assert (figures(care)["kept"], figures(care)["worth"]) == (1, 180_000)
    closed = evaluate_care(care, actor=head, verdict="reached", result="受灾户全部送到", excuses=True)
    assert closed.is_closed
    for late in (lambda: harmed(care, other, cast.salesperson), lambda: add_customers(care, actor=head, selection=Selection())):
        with pytest.raises(ActivitiesError):
            late()


def test_a_paper_that_is_refused_leaves_a_draft_and_one_that_becomes_void_promises_no_longer(cast: Cast, customer: Customer) -> None:
    make_aid_kind(cast)
    head = let_keep(cast.operator, cast.admin)
    care = begin_care(cast.admin)
    case = harmed(care, customer, cast.salesperson)
    set_aid(care, actor=head, cases=[case], aid="抽水泵一台", fen=180_000)
    first = ask_for_aid(care, actor=head, reason="货架被淹")
    refuse(first.paper, cast.director)
    drain()
    case.refresh_from_db()
    assert (case.decision, case.aid, case.promise) == (None, "抽水泵一台", None)
    assert told(cast.operator)[-1] == "activities.care_not_decided"
    set_aid(care, actor=head, cases=[case], aid="大米 50 斤", fen=15_000)
    second = ask_for_aid(care, actor=head, reason="按意见调整")
    approve(second.paper, cast.director)
    drain()
    type(second.paper).objects.filter(pk=second.paper_id).update(state="void")
    settle_aid(second.paper_id)
    promise = Promise.objects.get(origin="care")
    case.refresh_from_db()
    assert (promise.state, case.decision) == ("excused", None)
    assert second.paper.number in promise.reason


def test_care_without_a_survey_is_in_the_week_at_once_and_is_evaluated(cast: Cast, customer: Customer, other: Customer) -> None:
    head = fresh(cast.admin)
    care = begin_care(cast.admin, kind="feast", name="中秋慰问", days=5)
    two = begin_care(cast.admin, kind="opening", name="开业回访", days=5, contacting="call", selection=Selection(codes=(other.code,)))
    drain()
    assert set(Promise.objects.values_list("kind", "customer")) == {("visit", customer.pk), ("visit", other.pk), ("call", other.pk)}
    assert {one.text for one in work_in([customer.portfolio_id])} >= {"拜访", "电话"}
    again = begin_care(cast.admin, kind="feast", name="国庆慰问", days=5)
    met(other, cast.salesperson, today())
    assert Promise.objects.filter(customer=other, state="kept").count() == 3, "one visit keeps all that was promised of these days"
    with pytest.raises(ActivitiesError, match="1"):
        evaluate_care(care, actor=head, verdict="partly", result="节后补访")
    with pytest.raises(ActivitiesError):
        take_answer(case_of(care, other), actor=fresh(cast.salesperson), reached=True)
    excuse_promise(Promise.objects.get(care_case__care=care, state="open"), actor=head, reason="店主返乡")
    assert evaluate_care(care, actor=head, verdict="partly", result="走访一户，一户返乡").result == "走访一户，一户返乡"
    assert evaluate_care(two, actor=head, verdict="reached", result="已回访").verdict == "reached"
    settle_promises(today() + 9 * DAY)
    assert figures(again)["missed"] == 1
    assert evaluate_care(again, actor=head, verdict="failed", result="人手不足").is_closed


def test_which_customers(cast: Cast, portfolio: Portfolio, customer: Customer, other: Customer) -> None:
    put_into_tier(other, "key", decision(cast))
    supplier = make_customer(portfolio, cast.salesperson, "白沙纸业", kind="supplier")
    closed = make_customer(portfolio, cast.salesperson, "关门小店")
    Customer.objects.filter(pk=closed.pk).update(ended_on=today() - DAY)
    elsewhere = make_customer(make_portfolio(cast, "城北一线", code="CB1", department=cast.quality), cast.admin, "城北小店")
    head = fresh(cast.admin)
    assert set(chosen_customers(head, Selection())) == {customer, other, elsewhere}
    for selection, expected in (
        (Selection(market="country"), {other}),
        (Selection(address="岳麓区 湘江路"), {other}),
        (Selection(tier="key"), {other}),
        (Selection(portfolio=portfolio, market="town"), {customer}),
        (Selection(codes=(customer.code, elsewhere.code), market="country"), {customer, elsewhere}),
    ):
        assert set(chosen_customers(head, selection)) == expected
    for code in (supplier.code, closed.code, "没有"):
        with pytest.raises(ActivitiesError, match=code):
            begin_care(cast.admin, selection=Selection(codes=(customer.code, code)))
    with pytest.raises(ActivitiesError):
        begin_care(cast.admin, selection=Selection(address="没有的街"))
    care = begin_care(cast.admin, selection=Selection(market="country"))
    assert add_customers(care, actor=head, selection=Selection()) == 2
    with pytest.raises(ActivitiesError):
        add_customers(care, actor=head, selection=Selection())


def test_what_is_not_opened(cast: Cast, customer: Customer) -> None:
    wrong: list[dict[str, Any]] = [
        {"name": " "},
        {"why": ""},
        {"ends_on": today() - DAY, "starts_on": today() - 3 * DAY},
        {"starts_on": today() + 5 * DAY, "ends_on": today()},
        {"ends_on": today() + 400 * DAY},
    ]
    for values in wrong:
        with pytest.raises(ActivitiesError):
            begin_care(cast.admin, **values)
    assert not Care.objects.exists()


def test_who_may(cast: Cast, customer: Customer, other: Customer) -> None:
    with pytest.raises(ActivitiesError):
        begin_care(cast.salesperson)
    care = begin_care(cast.admin)
    holder, stranger = fresh(cast.salesperson), fresh(cast.inspector)
    assert can(holder, "view", care)
    assert not can(holder, "change", care)
    assert not can(stranger, "view", care)
    for person in (holder, stranger, fresh(cast.admin), fresh(cast.director)):
        assert (care in visible_to(Care, person)) == can(person, "view", care) == viewers_of(care).filter(pk=person.pk).exists()
    case = case_of(care, customer)
    for refused in (
        lambda: take_answer(case, actor=stranger, reached=True),
        lambda: set_aid(care, actor=holder, cases=[case], aid="大米"),
        lambda: ask_for_aid(care, actor=holder, reason="被淹"),
        lambda: evaluate_care(care, actor=holder, verdict="reached", result="好", excuses=True),
        lambda: add_customers(care, actor=holder, selection=Selection()),
    ):
        with pytest.raises(ActivitiesError):
            refused()


def test_answers_that_say_two_things(cast: Cast, customer: Customer) -> None:
    care = begin_care(cast.admin)
    said: list[dict[str, Any]] = [{"harmed_shop": True}, {"damage": 100}, {"needs": "水泵"}, {"reached": True, "damage": 100}]
    for wrong in said:
        with pytest.raises(ActivitiesError):
            take_answer(case_of(care, customer), actor=fresh(cast.salesperson), **({"reached": False} | wrong))
    with pytest.raises(IntegrityError), transaction.atomic():
        CareCase.objects.filter(care=care).update(harmed_shop=True)


def test_what_is_open_goes_with_the_portfolio_and_merged_customers_count_once(cast: Cast, portfolio: Portfolio, customer: Customer, other: Customer) -> None:
    care = begin_care(cast.admin)
    assert len([one for one in work_in([portfolio.pk]) if one.text == care.name]) == 2
    hand_over(portfolio, actor=cast.admin, to=cast.inspector, starts_on=today())
    with pytest.raises(ActivitiesError):
        take_answer(case_of(care, customer), actor=fresh(cast.salesperson), reached=True)
    harmed(care, other, cast.inspector, damage=5_000)
    merge_customers(customer, other, actor=fresh(cast.admin))
    found = figures(care)
    assert (found["all"], found["reached"], found["damage"]) == (1, 1, 5_000)
    assert not [one for one in work_in([portfolio.pk]) if one.text == care.name]
    with pytest.raises(ActivitiesError):
        add_customers(care, actor=fresh(cast.admin), selection=Selection())


@pytest.mark.parametrize("seed", range(2))
def test_every_figure_is_its_list_and_the_parts_add_up(cast: Cast, portfolio: Portfolio, client: Any, seed: int) -> None:
    dice = Random(seed)
    places = [portfolio, make_portfolio(cast, "城北一线", code="CB1")]
    shops = [make_customer(dice.choice(places), cast.admin, f"红星路{number}号店") for number in range(9)]
    care = begin_care(cast.admin)
    for shop in shops:
        act = dice.randrange(4)
        if act == 1:
            take_answer(case_of(care, shop), actor=fresh(cast.admin), reached=False)
        elif act > 1:
            harm: dict[str, Any] = {f"harmed_{kind}": dice.randrange(2) == 0 for kind in ("shop", "stock", "people")}
            take_answer(case_of(care, shop), actor=fresh(cast.admin), reached=True, damage=dice.randrange(9_000) if any(harm.values()) else 0, **harm)
    for one, two in (dice.sample(shops, 2), dice.sample(shops, 2)):
        one.refresh_from_db()
        two.refresh_from_db()
        if one.root_id != two.root_id and not one.is_merged and not two.is_merged:
            merge_customers(one, two, actor=fresh(cast.admin))
    rows = CareCase.objects.once().filter(care=care)
    whole, parts = figures_of(rows), figures_by_portfolio(rows)
    for key in whole:
        assert whole[key] == sum(found[key] for _portfolio, found in parts)
    assert whole["all"] == len(set(Customer.objects.filter(pk__in=[one.pk for one in shops]).values_list("root", flat=True)))
    client.force_login(cast.admin)
    for figure in FIGURES:
        page = client.get(f"/crm/visits/cares/customers/?care={care.pk}" + (f"&{figure.group}={figure.code}" if figure.group else ""))
        assert page.context["page"].rows.__len__() == whole[figure.key], figure.key
    listed = client.get(f"/crm/visits/cares/customers/?care={care.pk}&harm=any").context["page"].rows
    assert sum(row.damage for row in listed) == whole["damage"]


def test_on_the_telephone_the_next_of_the_line_follows_and_what_was_typed_is_kept(cast: Cast, customer: Customer, other: Customer, client: Any) -> None:
    care = begin_care(cast.admin)
    client.force_login(cast.salesperson)
    first, second = (f"/crm/visits/cares/customers/{case_of(care, one).pk}/answer/" for one in (customer, other))
    assert "0731-85123307" in client.get(first).content.decode()
    wrong = client.post(first, {"reached": "no", "needs": "抽水泵"})
    assert wrong.status_code == 422
    assert "抽水泵" in wrong.content.decode()
    wrong = client.post(first, {"reached": "yes", "harmed_shop": "on", "damage": "三千"})
    assert "三千" in wrong.content.decode()
    assert client.post(first, {"reached": "yes", "harmed_shop": "on", "damage": "3200.50", "needs": ""}).url == second
    assert client.post(second, {"reached": "no"}).url == care.get_absolute_url()
    assert case_of(care, customer).damage == 320_050
    page = client.get(care.get_absolute_url()).content.decode()
    assert "3,200.50" in page
    taken = client.post(care.get_absolute_url())
    assert taken.headers["Content-Type"].endswith("sheet")
    assert "2" in client.get("/crm/visits/").content.decode()


def test_a_campaign_is_opened_on_its_page_and_refusals_stand_there(cast: Cast, customer: Customer, client: Any) -> None:
    client.force_login(cast.admin)
    values = {"name": "水灾慰问", "kind": "disaster", "contacting": "visit", "why": "涨水", "starts_on": f"{today()}", "ends_on": f"{today() + DAY}"}
    refused = client.post("/crm/visits/cares/new/", values | {"codes": f"{customer.code}\n没有"})
    assert refused.status_code == 422
    assert "没有" in refused.content.decode()
    assert client.post("/crm/visits/cares/new/", values | {"codes": f"{customer.code} {customer.name}"}).status_code == 302
    care = Care.objects.get()
    assert care.cases.get().customer == customer
    assert client.get("/crm/visits/cares/").status_code == 200
    make_customer(customer.portfolio, cast.salesperson, "湘江路顺发便利店", market="country")
    assert client.post(f"{care.get_absolute_url()}customers/new/", {}).status_code == 422, "nothing would take everybody in"
    assert client.post(f"{care.get_absolute_url()}customers/new/", {"market": "country"}).status_code == 302
    assert care.cases.count() == 2
    client.force_login(cast.salesperson)
    assert client.get("/crm/visits/cares/new/").status_code == 403
