"""Quotations: priced by the lists, frozen once sent, ordered through the gate at what was quoted; every other one to the customer is seen (R28)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction
from django.utils import translation

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.orders.errors import OrdersError
from crm.orders.models import Order
from crm.sales.errors import SalesError
from crm.sales.models import Quotation, QuotationLine, QuotationVersion
from crm.sales.services.quotations import begin_quotation, decline_quotation, order_quotation, send_quotation, write_quotation
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.dealing import give_credit
from tests.crm.goods import make_prices, make_product, make_warehouse, receive
from tests.crm.selling import open_sale
from tests.crm.writing import fresh, let_keep


@pytest.fixture
def product(cast: Cast) -> Product:
    made = make_product(cast)
    make_prices(cast, {made: 10_000})
    receive(cast, made, make_warehouse(), 300)
    return made


def quote(cast: Cast, customer: Customer, product: Product, number: int = 20, **values) -> Quotation:
    defaults = {"valid_through": today() + timedelta(days=30)}
    return begin_quotation(actor=fresh(cast.salesperson), customer=customer, quantities={product.pk: number}, **(defaults | values))


def order(cast: Cast, quotation: Quotation, key=None) -> Order:
    return order_quotation(quotation, actor=fresh(cast.salesperson), warehouse=make_warehouse(), wanted_on=today(), key=key or uuid4())


def test_what_was_sent_is_frozen_and_a_new_version_says_why(cast: Cast, customer: Customer, product: Product) -> None:
    actor = fresh(cast.salesperson)
    quotation = quote(cast, customer, product)
    write_quotation(quotation, actor=actor, quantities={product.pk: 30}, valid_through=today())
    assert QuotationVersion.objects.count() == 1, "a draft is written over"
    send_quotation(quotation, actor=actor)
    with pytest.raises(SalesError):
        send_quotation(quotation, actor=actor)
    for change in (
        lambda: QuotationVersion.objects.update(total=1),
        lambda: QuotationLine.objects.update(fen=1),
        lambda: QuotationLine.objects.all().delete(),
        lambda: QuotationVersion.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    with pytest.raises(SalesError):
        write_quotation(quotation, actor=actor, quantities={product.pk: 40}, valid_through=today())
    again = write_quotation(quotation, actor=actor, quantities={product.pk: 40}, valid_through=today(), reason="客户加量")
    assert [(one.number, one.total, one.sent_at is None) for one in again.versions.all()] == [(2, 400_000, True), (1, 300_000, False)]
    assert (again.state, again.version, again.total) == ("draft", 2, 400_000)


def test_what_cannot_be_quoted_is_said(cast: Cast, customer: Customer, product: Product) -> None:
    other = make_product(cast, "金叶（硬红）", "4301001")
    yesterday = today() - timedelta(days=1)
    for values, said in (
        ({"valid_through": yesterday}, f"{yesterday:%Y-%m-%d}"),
        ({"valid_through": today() + timedelta(days=400)}, "a year"),
        ({"number": 0}, "whole quantities"),
        ({"product": other}, other.name),
    ):
        with pytest.raises(SalesError) as refusal, translation.override("en"):
            quote(cast, customer, **({"product": product} | values))
        assert said in str(refusal.value)
    with pytest.raises(SalesError):
        begin_quotation(actor=fresh(cast.inspector), customer=customer, quantities={product.pk: 1}, valid_through=today())
    assert not Quotation.objects.exists()


def test_an_order_comes_through_the_gate_at_what_was_quoted_once(cast: Cast, customer: Customer, product: Product) -> None:
    quotation, key = quote(cast, customer, product), uuid4()
    with pytest.raises(SalesError):
        order(cast, quotation)
    send_quotation(quotation, actor=fresh(cast.salesperson))
    with pytest.raises(OrdersError):
        order(cast, quotation, key)
    give_credit(cast, customer, 1_000_000)
    make_prices(cast, {product: 9_000}, "零售户价", scope="kind", value="retailer")
    with pytest.raises(SalesError) as refusal:
        order(cast, quotation, key)
    assert "90.00" in str(refusal.value)
    assert not Order.objects.exists(), "nothing is ordered at another price"
    write_quotation(quotation, actor=fresh(cast.salesperson), quantities={product.pk: 20}, valid_through=today(), reason="调价")
    send_quotation(quotation, actor=fresh(cast.salesperson))
    placed = order(cast, quotation, key)
    assert (placed.total, order(cast, quotation, key)) == (180_000, placed)
    with pytest.raises(SalesError):
        order(cast, quotation)
    with pytest.raises(SalesError):
        decline_quotation(quotation, actor=fresh(cast.salesperson), reason="不要了")


def test_it_is_valid_to_the_end_of_its_day_and_no_longer(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 1_000_000)
    last = quote(cast, customer, product, valid_through=today())
    send_quotation(last, actor=fresh(cast.salesperson))
    assert not last.has_expired
    order(cast, last)
    past = quote(cast, customer, product)
    QuotationVersion.objects.filter(quotation=past).update(valid_through=today() - timedelta(days=1))
    with pytest.raises(SalesError):
        send_quotation(past, actor=fresh(cast.salesperson))


def test_a_sale_goes_from_a_quotation_to_an_order_on_pages(client_for, cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 1_000_000)
    sale = open_sale(customer, cast.salesperson)
    client = client_for(cast.salesperson)
    at = f"/crm/customers/{customer.pk}/quotations/new/?opportunity={sale.pk}"
    form = {f"q-{product.pk}": "20", "valid_through": today().isoformat(), "act": "save", "form_key": client.get(at).context["key"]}
    for wrong in ({"valid_through": "2020-01-01"}, {"valid_through": "2026-02-30"}, {f"q-{product.pk}": "½"}, {f"q-{product.pk}": ""}):
        assert client.post(at, form | wrong).status_code == 422, wrong
    for _press in range(2):
        answer = client.post(at, form)
        assert answer.status_code == 302
    quotation = Quotation.objects.get()
    page = quotation.get_absolute_url()
    assert "新品专柜" in client.get(page).content.decode()
    assert client.post(f"{page}send/").status_code == 302
    assert client.post(f"{page}change/", form | {f"q-{product.pk}": "25"}).status_code == 422
    assert client.post(f"{page}change/", form | {f"q-{product.pk}": "25", "reason": "加量"}).status_code == 302
    assert client.post(f"{page}send/").status_code == 302
    sheet = client.get(f"{page}print/?version=1").content.decode()
    assert "2,000.00" in sheet
    assert "2,500.00" not in sheet
    assert client.get(f"{page}print/?version=9").status_code == 404
    assert client.post(f"{page}order/", {"warehouse": make_warehouse().pk, "wanted_on": today().isoformat(), "form_key": str(uuid4())}).status_code == 302
    placed = Order.objects.get()
    assert placed.total == 250_000
    assert placed.number in client.get(page).content.decode()
    other = quote(cast, customer, product, 7)
    decline_quotation(other, actor=fresh(cast.salesperson), reason="价格高")
    keeper = client_for(let_keep(cast.director, cast.admin))
    assert "价格高" in keeper.get(page).content.decode(), "every salesperson of the customer sees the others' (R28)"
    assert quotation.number in keeper.get("/crm/quotations/?q=jinsui").content.decode()
    stranger = client_for(cast.inspector)
    assert [stranger.get(path).status_code for path in (page, f"{page}print/", at, "/crm/quotations/")] == [404, 404, 404, 403]
