"""The channel: the trade's measures on cases reckoned by hand, and on random orders and notes against their lists."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.utils import timezone

from crm.activities.errors import ActivitiesError
from crm.activities.models import Promise
from crm.customers.models import Customer, Portfolio
from crm.customers.services.merges import merge_customers
from crm.marketing.channel import Channel, Period
from crm.marketing.channel_lists import ChannelCustomerList
from crm.marketing.errors import MarketingError
from crm.marketing.models import ChannelStock
from crm.marketing.services.channel import note_stock, step_in
from crm.marketing.trade import Cell, Line, Note, measure
from crm.marketing.views.channel import _queries
from portal.lists.asked import Asked
from portal.lists.definition import list_of
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import make_product
from tests.crm.promoting import in_marketing, place
from tests.crm.writing import fresh, make_customer, make_portfolio

D = date(2026, 3, 10)


def whole(*, regular: Any = (), now: Any = (), old: Any = (), noted: Any = ()) -> Cell:
    return measure(regular, now, old, noted, lambda _customer, _product: 0).get(0, Cell())


def test_of_nothing_nothing_is_said() -> None:
    cell = whole()
    assert [cell.need_rate, cell.order_rate, cell.turnover, cell.company_stock_out, cell.customer_stock_out] == [None] * 5


def test_the_measures_on_a_case_reckoned_by_hand() -> None:
    """Four ordered before. Now 1 and 2 order, 3 asks and gets nothing, 4 says at a visit that they would have five; 9 is new and orders."""
    cell = whole(
        regular=[Line(1, 7, 10), Line(2, 7, 10), Line(3, 7, 1), Line(4, 7, 2), Line(5, 7, 0)],
        now=[Line(1, 7, 20), Line(2, 7, 5), Line(3, 7, 0), Line(9, 7, 4)],
        old=[Note(1, 7, D, 10), Note(2, 7, D, 5), Note(4, 7, D, 3)],
        noted=[Note(1, 7, D, 30), Note(1, 7, D + timedelta(days=5), 12), Note(2, 7, D, 0), Note(4, 7, D, 0, 5), Note(8, 7, D, 6)],
    )
    assert (len(cell.regular), len(cell.asking), len(cell.ordering)) == (4, 5, 3)
    assert cell.need_rate == 5 / 4
    assert cell.order_rate == 3 / 4
    assert cell.turnover == (10 + 20 - 12 + 5 + 5 - 0 + 3 + 0 - 0) / (30 + 10 + 3)
    assert cell.company_stock_out == 2 / 5
    assert cell.customer_stock_out == 2 / 4


def test_a_dry_day_counts_though_it_was_filled_later_and_cells_do_not_mix() -> None:
    cells = measure([], [Line(1, 7, 5)], [], [Note(1, 7, D, 0), Note(1, 7, D + timedelta(days=2), 9), Note(1, 8, D, 3)], lambda _customer, product: product)
    assert (cells[7].customer_stock_out, cells[8].customer_stock_out) == (1.0, 0.0)
    assert (len(cells[7].asks), len(cells[8].asks)) == (1, 0)


@pytest.mark.parametrize("seed", range(3))
def test_each_number_is_that_of_the_list_to_which_it_leads(cast: Cast, portfolio: Portfolio, seed: int) -> None:
    dice, keeper = Random(seed), in_marketing(cast, cast.operator)
    goods = [make_product(cast), make_product(cast, "松涛（软）", "4301120")]
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    shops = [
        make_customer(home, actor, f"店{number}", numbers=[f"0731-855500{number:02}"])
        for number, (home, actor) in enumerate([(portfolio, cast.salesperson)] * 4 + [(other, cast.inspector)] * 3)
    ]
    midnight = timezone.make_aware(datetime.combine(today(), datetime.min.time()))
    for _number in range(40):
        quantity = dice.randrange(1, 9)
        at = midnight - timedelta(days=dice.randrange(50), seconds=dice.choice([0, 1]))
        place(dice.choice(shops), dice.choice(goods), quantity, at, cancelled=dice.choice([0, 0, quantity]), actor=cast.admin)
        day = today() - timedelta(days=dice.randrange(25))
        values = {"quantity": dice.choice([0, 0, 4, 9]), "wanted": dice.choice([0, 5]), "noted_by": cast.admin}
        ChannelStock.objects.update_or_create(customer=dice.choice(shops), product=dice.choice(goods), day=day, defaults=values)
    merge_customers(shops[0], shops[5], actor=fresh(cast.admin))
    definition = list_of(ChannelCustomerList.code)
    assert definition is not None
    for user in (keeper, fresh(cast.salesperson), fresh(cast.inspector)):
        for by in ("product", "district", "all"):
            period = Period(today() - timedelta(days=9), today(), dice.choice([0, goods[0].pk]))
            for key, cell in Channel(user, period).cut(by).items():
                for figure, query in _queries(period, by, key).items():
                    assert set(Asked(definition, user, QueryDict(query)).rows.values_list("pk", flat=True)) == getattr(cell, figure), (
                        by,
                        figure,
                        parse_qs(query),
                    )


def test_stock_is_noted_by_who_writes_the_file_and_the_last_of_a_day_stands(client_for: Any, cast: Cast, customer: Customer) -> None:
    product, second = make_product(cast), make_product(cast, "松涛（软）", "4301120")
    client, at = client_for(cast.salesperson), f"/crm/customers/{customer.pk}/stock/new/"
    wrong = client.post(at, {"day": today().isoformat(), f"q-{product.pk}": "三条", f"w-{second.pk}": "5"})
    assert wrong.status_code == 422
    assert set(wrong.context["form"].errors) == {f"q-{product.pk}", f"q-{second.pk}"}
    assert "三条" in wrong.content.decode()
    assert client.post(at, {"day": today().isoformat()}).status_code == 422
    for quantity in (8, 0):
        sent = {"day": today().isoformat(), f"q-{product.pk}": quantity, f"w-{product.pk}": "5", f"q-{second.pk}": ""}
        assert client.post(at, sent).status_code == 302
    [note] = ChannelStock.objects.all()
    assert (note.quantity, note.wanted, note.noted_by) == (0, 5, cast.salesperson)
    for day in (today() + timedelta(days=1), today() - timedelta(days=61)):
        with pytest.raises(MarketingError):
            note_stock(customer, actor=fresh(cast.salesperson), day=day, stocks={product: (1, 0)})
    with pytest.raises(MarketingError):
        note_stock(customer, actor=fresh(cast.inspector), day=today(), stocks={product: (1, 0)})
    page = client.get("/crm/marketing/channel/")
    assert [(one["customer"], one["is_dry"], one["is_own"]) for one in page.context["dry"]] == [(customer, True, True)]
    assert client.post("/crm/marketing/channel/visits/new/", {"customer": customer.pk, "product": product.pk}).status_code == 302
    assert product.name in Promise.objects.get().subject
    assert client.get(f"/crm/marketing/channel/customers/{customer.pk}/").context["last"][0][0] == note
    assert client_for(cast.inspector).get(f"/crm/marketing/channel/customers/{customer.pk}/").status_code in (403, 404)
    keeper = in_marketing(cast, cast.operator)
    assert [one["is_own"] for one in client_for(keeper).get("/crm/marketing/channel/").context["dry"]] == [False]
    with pytest.raises(ActivitiesError):
        step_in(customer, actor=keeper, product=product)
    assert client.post("/crm/marketing/channel/")["Content-Type"].endswith("sheet")
    assert client.get("/crm/marketing/channel/?first=2026-01-01&last=2026-12-01").status_code == 422
