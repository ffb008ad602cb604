"""The funnel adds up, over any cut and after any history, and each of its figures is the count of the list behind it."""

import random
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils.html import escape
from openpyxl import load_workbook

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.customers.services.customers import move_customer
from crm.customers.services.merges import merge_customers
from crm.sales.funnel import CUTS, cut, funnel_of
from crm.sales.models import Opportunity
from crm.sales.services.opportunities import reopen_opportunity
from crm.sales.views.funnel import quarter_of
from portal.access.policies import visible_to
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import make_product
from tests.crm.selling import close, move, open_sale
from tests.crm.writing import fresh, let_keep, make_customer, make_portfolio


@pytest.fixture
def keeper(cast: Cast):
    return let_keep(cast.director, cast.admin)


def live_at_random(cast: Cast, customers: list[Customer], product: Product, *, seed: int, number: int) -> None:
    """Opportunities that are opened, moved to and fro, won, lost and taken up again, in an order that follows from the seed."""
    chance = random.Random(seed)
    for turn in range(number):
        sale = open_sale(
            chance.choice(customers),
            cast.director,
            f"商机{turn}",
            amount=chance.randrange(1, 10**6),
            product=chance.choice([None, product]),
            rivals=chance.sample(["甲", "乙", "丙"], chance.randrange(3)),
        )
        for _step in range(chance.randrange(4)):
            sale = move(sale, cast.director, chance.randrange(5))
        if chance.randrange(3):
            sale = close(sale, cast.director, chance.choice(["won", "lost"]), chance.choice(["price", "rival", "supply"]))
            if not chance.randrange(4):
                reopen_opportunity(sale, actor=fresh(cast.director))


def check(rows) -> None:
    """Every identity, from the rows themselves."""
    funnel = funnel_of(rows, "relationship")
    cohort = list(rows.all())
    assert (funnel.all.count, funnel.all.fen) == (len(cohort), sum(row.amount for row in cohort))
    assert funnel.all.count == funnel.won.count + funnel.lost.count + funnel.open.count
    assert funnel.all.fen == funnel.won.fen + funnel.lost.fen + funnel.open.fen
    for layer, after in zip(funnel.layers, [*funnel.layers[1:], None], strict=True):
        reached = [row for row in cohort if row.furthest.place >= layer.stage.place]
        assert (layer.reached.count, layer.reached.fen) == (len(reached), sum(row.amount for row in reached))
        ended_here = layer.lost.count + layer.open.count + layer.won.count
        assert layer.reached.count - (after.reached.count if after else 0) == ended_here
        assert layer.gone_on.count + ended_here == layer.reached.count
    for by in set(CUTS) - {"rival"}:
        parts = cut(rows, "relationship", by)
        for state in ("all", "won", "lost", "open"):
            whole = getattr(funnel, state)
            assert sum(getattr(part, state).count for part in parts) == whole.count, (by, state)
            assert sum(getattr(part, state).fen for part in parts) == whole.fen, (by, state)


def test_a_funnel_adds_up_over_random_histories_with_merges_and_moves(cast: Cast, customer: Customer, portfolio, keeper) -> None:
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    customers = [customer, make_customer(portfolio, cast.salesperson, "南门口惠民便利店"), make_customer(other, cast.inspector, "枫林路同乐副食店")]
    product = make_product(cast)
    rows = Opportunity.objects.select_related("furthest")
    live_at_random(cast, customers, product, seed=11, number=25)
    check(rows)
    before = {part.label: part.all.count for part in cut(rows, "relationship", "owner")}
    merge_customers(customers[0], customers[1], actor=keeper, reason="同一家店")
    move_customer(customers[0], actor=keeper, to=other, reason="片区调整")
    check(rows)
    assert {part.label: part.all.count for part in cut(rows, "relationship", "owner")} == before, "figures stay where they were made"
    live_at_random(cast, [customers[0], customers[2]], product, seed=12, number=8)
    check(rows)
    for person in (cast.inspector, cast.salesperson):
        seen = visible_to(Opportunity, fresh(person)).select_related("furthest")
        check(seen)
    assert {span.opportunity_id for span in _open_spans()} == set(Opportunity.objects.filter(state="open").values_list("pk", flat=True))
    for sale in rows.all():
        places = [span.stage.place for span in sale.spans.select_related("stage")]
        assert (sale.furthest.place, sale.stage.place) == (max(places), places[-1])


def _open_spans():
    return [span for sale in Opportunity.objects.all() for span in sale.spans.filter(left_at__isnull=True)]


def count_of(client: Client, address: str) -> int:
    return client.get(address).context["page"].count


def test_each_figure_is_the_count_of_its_list(client_for, cast: Cast, customer: Customer) -> None:
    let_keep(cast.director, cast.admin)
    product = make_product(cast)
    live_at_random(cast, [customer], product, seed=3, number=14)
    Opportunity.objects.filter(name="商机3").update(opened_on=date(2020, 2, 28), closed_on=None, state="open", cause="")
    client = client_for(cast.salesperson)
    page = client.get("/crm/sales/funnel/?kind=relationship&by=product")
    address, funnel = page.context["address"], page.context["funnel"]
    assert funnel.all.count == 13, "what was opened in another period is in another cohort"
    assert count_of(client, address) == 13
    for layer in funnel.layers:
        assert count_of(client, f"{address}&reached={layer.stage.pk}") == layer.reached.count
        for state in ("open", "lost", "won"):
            assert count_of(client, f"{address}&furthest={layer.stage.pk}&state={state}") == getattr(layer, state).count
    for by in CUTS:
        for part, *_words in client.get(f"/crm/sales/funnel/?kind=relationship&by={by}").context["parts"]:
            if part.code:
                assert count_of(client, f"{address}&{by}={part.code}") == part.all.count, (by, part.label)
    february = client.get("/crm/sales/funnel/?kind=relationship&opened_from=2020-02-01&opened_to=2020-02-29")
    assert february.context["funnel"].all.count == 1
    assert escape(february.context["address"]) in february.content.decode()
    assert client.get("/crm/sales/funnel/?opened_from=2020-02-30").status_code == 422
    assert client.get("/crm/sales/funnel/?opened_from=2020-03-01&opened_to=2020-02-01").status_code == 422
    file = client.post("/crm/sales/funnel/?kind=relationship")
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content) if file.streaming else file.content)).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2, max_row=6)] == [layer.reached.count for layer in funnel.layers]
    assert client_for(cast.operator).get("/crm/sales/funnel/").status_code == 403


def test_quarters_begin_and_end_where_they_do() -> None:
    assert quarter_of(date(2026, 12, 31)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert quarter_of(date(2024, 2, 29)) == (date(2024, 1, 1), date(2024, 3, 31))
    day = date(2023, 12, 25)
    for _turn in range(800):
        first, last = quarter_of(day)
        assert first <= day <= last
        assert quarter_of(last + timedelta(days=1))[0] == last + timedelta(days=1)
        day += timedelta(days=1)
    assert quarter_of(today())[0] <= today()
