"""Leads and opportunities: stages only grow, who sees them, what is refused with which words, the board and its pages."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import ProgrammingError, transaction
from django.utils import translation

from crm.customers.models import Customer
from crm.customers.panels import work_in
from crm.customers.services.merges import merge_customers
from crm.sales.capabilities import KEEP_STAGES
from crm.sales.errors import SalesError
from crm.sales.models import Lead, Opportunity, Stage, StageSpan
from crm.sales.services.leads import drop_lead, note_lead
from crm.sales.services.opportunities import change_opportunity, note_step, reopen_opportunity
from crm.sales.services.stages import create_stage, end_stage, rename_stage
from portal.access.policies import can, viewers_of, visible_to
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import let
from tests.crm.selling import close, move, open_sale, stages
from tests.crm.writing import fresh, let_keep, let_read, make_customer, make_portfolio


def test_stages_only_grow_and_follow_each_other(cast: Cast, customer: Customer) -> None:
    sale = open_sale(customer, cast.salesperson)
    for place in (2, 1, 1, 3):
        sale = move(sale, cast.salesperson, place)
    spans = list(sale.spans.all())
    assert [span.stage for span in spans] == [stages()[place] for place in (0, 2, 1, 3)]
    assert all(one.left_at == other.entered_at for one, other in pairwise(spans))
    assert [span.left_at is None for span in spans] == [False, False, False, True]
    assert (sale.stage, sale.furthest) == (stages()[3], stages()[3])
    for change in (spans[0].delete, lambda: StageSpan.objects.filter(pk=spans[0].pk).update(left_at=None)):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    won = close(sale, cast.salesperson)
    assert (won.stage, won.state, won.spans.filter(left_at__isnull=True).count()) == (stages()[-1], "won", 0)
    with pytest.raises(SalesError):
        move(won, cast.salesperson, 0)
    again = reopen_opportunity(won, actor=fresh(cast.salesperson))
    assert (again.state, again.cause, again.closed_on, again.spans.filter(left_at__isnull=True).count()) == ("open", "", None, 1)


def test_two_who_move_one_card_learn_of_each_other(cast: Cast, customer: Customer) -> None:
    sale = open_sale(customer, cast.salesperson)
    first = sale.stage_id
    move(sale, cast.salesperson, 2, seen=first)
    move(sale, cast.salesperson, 2, seen=first)
    with pytest.raises(SalesError) as refusal, translation.override("en"):
        move(sale, cast.salesperson, 1, seen=first)
    assert "Proposal and quotation" in str(refusal.value)
    assert Opportunity.objects.get().spans.count() == 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"amount": 0}, "lead"),
        ({"amount": 100_000_000_000}, "1,000,000,000.00"),
        ({"expected_on": today() - timedelta(days=1)}, "is past"),
        ({"expected_on": today() + timedelta(days=3_000)}, "five years"),
        ({"next_step": "送方案"}, "next"),
        ({"next_on": today()}, "next"),
        ({"rivals": [f"对手{number}" for number in range(11)]}, "10"),
    ],
)
def test_what_cannot_be_is_said(cast: Cast, customer: Customer, values: dict, said: str) -> None:
    with pytest.raises(SalesError) as refusal, translation.override("en"):
        open_sale(customer, cast.salesperson, **values)
    assert said in str(refusal.value)
    assert not Opportunity.objects.exists()


def test_an_expected_day_that_has_passed_may_stay_while_the_rest_changes(cast: Cast, customer: Customer) -> None:
    sale = open_sale(customer, cast.salesperson)
    Opportunity.objects.update(expected_on=today() - timedelta(days=3))
    change_opportunity(sale, actor=fresh(cast.salesperson), name="新品", amount=100, expected_on=today() - timedelta(days=3))
    with pytest.raises(SalesError):
        change_opportunity(sale, actor=fresh(cast.salesperson), name="新品", amount=100, expected_on=today() - timedelta(days=2))


def test_a_stage_is_renamed_added_and_ended_without_losing_what_is_in_it(cast: Cast, customer: Customer) -> None:
    keeper = let(cast.director, KEEP_STAGES, cast.admin)
    sale = open_sale(customer, cast.salesperson)
    with pytest.raises(SalesError):
        rename_stage(sale.stage, actor=fresh(cast.salesperson), name="初访")
    rename_stage(sale.stage, actor=keeper, name="初访")
    with pytest.raises(SalesError):
        rename_stage(stages()[1], actor=keeper, name="初访")
    with pytest.raises(SalesError) as refusal, translation.override("en"):
        end_stage(sale.stage, actor=keeper)
    assert "1 open" in str(refusal.value)
    assert "初访" in str(refusal.value)
    tried = create_stage(actor=keeper, kind="relationship", name="样品", before=stages()[2])
    assert [stage.name for stage in stages()] == ["初访", "需求洽谈", "样品", "方案报价", "试销上柜", "签约"]
    move(sale, cast.salesperson, 2)
    end_stage(stages()[0], actor=keeper)
    with pytest.raises(SalesError):
        end_stage(stages()[-1], actor=keeper)
    sale.refresh_from_db()
    assert (sale.stage, sale.spans.count()) == (tried, 2)
    close(sale, cast.salesperson)
    with pytest.raises(SalesError):
        create_stage(actor=keeper, kind="relationship", name="回款")


def test_decisions_rows_and_viewers_say_the_same(cast: Cast, customer: Customer) -> None:
    other = make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality), cast.inspector, "南门口惠民便利店")
    sales = {open_sale(customer, cast.salesperson): {"孙丽", "陈刚"}, open_sale(other, cast.inspector): {"王伟", "李敏", "赵静", "陈刚"}}
    let_read(cast.operator, cast.admin)
    let_keep(cast.director, cast.admin)
    for sale, sees in sales.items():
        assert {person.name for person in cast.everyone if can(fresh(person), "view", sale) and not person.is_superuser} == sees
        assert {person.name for person in viewers_of(sale) if not person.is_superuser} == sees
        assert {person.name for person in cast.everyone if sale in visible_to(Opportunity, fresh(person)) and not person.is_superuser} == sees


def test_whoever_may_not_see_a_customer_sees_neither_opportunity_nor_sum(client_for, cast: Cast, customer: Customer) -> None:
    other = make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1"), cast.inspector, "南门口惠民便利店")
    mine, theirs = open_sale(customer, cast.salesperson, amount=111_100), open_sale(other, cast.inspector, "别家专柜", amount=222_200)
    clerk = let_read(cast.operator, cast.admin)
    client = client_for(cast.salesperson)
    for path in ("/crm/sales/", "/crm/opportunities/", customer.get_absolute_url()):
        page = client.get(path).content.decode()
        assert "1,111.00" in page, path
        assert not [word for word in ("别家专柜", "2,222.00", "3,333.00") if word in page], path
    assert client.get(theirs.get_absolute_url()).status_code == 404
    assert client.post(f"{theirs.get_absolute_url()}stage/", {"stage": stages()[1].pk}).status_code == 404
    clerks = client_for(clerk)
    assert "1,111.00" not in clerks.get(customer.get_absolute_url()).content.decode()
    assert clerks.get("/crm/sales/").status_code == 403
    assert clerks.get(mine.get_absolute_url()).status_code == 404


def test_a_sale_goes_over_the_board_and_its_page(client_for, cast: Cast, customer: Customer) -> None:
    client = client_for(cast.salesperson)
    first, second, *_rest, last = stages()
    form = {"customer": "jinsui", "name": "新品专柜", "kind": "relationship", "amount": "36,000.00", "expected_on": (today() + timedelta(days=9)).isoformat()}
    for wrong in ({"customer": "没有"}, {"amount": "0"}, {"amount": "NaN"}, {"expected_on": "2020-01-01"}, {"kind": "x"}):
        answer = client.post("/crm/opportunities/new/", form | wrong)
        assert (answer.status_code, "新品专柜" in answer.content.decode()) == (422, True), wrong
    assert client.post("/crm/opportunities/new/", form | {"rivals": "湘江烟草，岳麓卷烟"}).status_code == 302
    sale = Opportunity.objects.get()
    assert {rival.name for rival in sale.rivals.all()} == {"湘江烟草", "岳麓卷烟"}
    at = sale.get_absolute_url()
    board = client.get("/crm/sales/?kind=relationship&q=jinsui")
    assert [(one["count"], one["sum"]) for one in board.context["columns"]][:2] == [(1, "36,000.00"), (0, "0.00")]
    answer = client.post(f"{at}stage/?kind=relationship&q=jinsui", {"stage": second.pk, "seen": first.pk, "back": "board"}, follow=True)
    assert answer.request["QUERY_STRING"] == "kind=relationship&q=jinsui"
    assert client.post(f"{at}stage/", {"stage": "9" * 30}).status_code == 302
    assert client.post(f"{at}stage/", {"stage": stages("transactional")[0].pk}).status_code == 302
    assert Opportunity.objects.get().stage == second
    assert client.post(f"{at}steps/new/", {"text": "看了柜台", "next_step": "送方案"}).status_code == 422
    assert client.post(f"{at}steps/new/", {"text": "看了柜台", "next_step": "送方案", "next_on": today().isoformat()}).status_code == 302
    assert client.post(f"{at}win/", {"cause": ""}).status_code == 422
    assert "送方案" in client.get(at).content.decode()
    assert client.get("/crm/sales/?whose=mine&kind=relationship").context["columns"][1]["count"] == 1
    assert client.post(f"{at}lose/", {"cause": "rival", "text": "陈列费高"}).status_code == 302
    page = client.get(at).content.decode()
    assert "陈列费高" in page
    listed = client.get("/crm/opportunities/", {"state": "lost", "cause": "rival", "furthest": second.pk, "reached": first.pk, "rival": sale.rivals.first().pk})
    assert "新品专柜" in listed.content.decode()
    assert "新品专柜" not in client.get("/crm/opportunities/", {"reached": last.pk}).content.decode()
    assert client.post(f"{at}reopen/").status_code == 302
    assert client.post(f"{at}change/", form | {"name": "新品双柜"}).status_code == 302
    assert Opportunity.objects.get().name == "新品双柜"


def test_a_lead_becomes_an_opportunity_once_or_is_dropped(client_for, cast: Cast, customer: Customer, portfolio) -> None:
    client = client_for(cast.salesperson)
    answer = client.post("/crm/leads/new/", {"name": "河西新开商超", "text": "打听新品", "source": "visit", "portfolio": portfolio.pk})
    lead = Lead.objects.get()
    assert answer.url == f"/crm/leads/{lead.pk}/"
    form = {"customer": customer.code, "name": "新品", "kind": "transactional", "amount": "100", "expected_on": today().isoformat()}
    assert client.get(f"/crm/opportunities/new/?lead={lead.pk}").context["form"].initial["name"] == "打听新品"
    assert client.post(f"/crm/opportunities/new/?lead={lead.pk}", form).status_code == 302
    lead.refresh_from_db()
    assert (lead.state, lead.opportunity.name) == ("taken", "新品")
    assert client.post(f"/crm/opportunities/new/?lead={lead.pk}", form).status_code == 422
    assert client.post(f"/crm/leads/{lead.pk}/drop/", {"reason": "无"}).status_code == 422
    other = note_lead(actor=fresh(cast.salesperson), portfolio=portfolio, name="枫林宾馆", text="宴席用烟", source="call")
    drop_lead(other, actor=fresh(cast.salesperson), reason="已订别家")
    assert "枫林宾馆" in client.get("/crm/leads/?state=dropped").content.decode()
    assert client_for(cast.inspector).get(f"/crm/leads/{lead.pk}/").status_code == 404
    with pytest.raises(SalesError):
        note_lead(actor=fresh(cast.inspector), portfolio=portfolio, name="甲", text="乙", source="call")


def test_what_hangs_on_a_merged_customer_is_seen_at_the_file_that_stays(client_for, cast: Cast, customer: Customer, portfolio) -> None:
    double = make_customer(portfolio, cast.salesperson, "红星路金穗便利店")
    sale = open_sale(double, cast.salesperson)
    note_step(sale, actor=fresh(cast.salesperson), text="看了柜台")
    merge_customers(customer, double, actor=let_keep(cast.director, cast.admin), reason="同一家店")
    client = client_for(cast.salesperson)
    assert "新品专柜" in client.get(customer.get_absolute_url()).content.decode()
    assert customer.name in client.get(sale.get_absolute_url()).content.decode()
    assert [one.text for one in work_in([portfolio.pk])] == ["新品专柜"]
    with pytest.raises(SalesError):
        open_sale(double, cast.salesperson)
    move(sale, cast.salesperson, 1)


def test_a_plant_without_stages_gets_the_first_ones(cast: Cast, customer: Customer) -> None:
    Stage.objects.all().delete()
    open_sale(customer, cast.salesperson)
    open_sale(customer, cast.salesperson, kind="transactional")
    assert (len(stages()), len(stages("transactional"))) == (5, 3)
