"""The order screen, an order's page and the accounts, as people use them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.orders.models import CreditAccount, Order, Payment
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.dealing import give_credit, order
from tests.crm.goods import make_prices, make_product, make_warehouse, receive


@pytest.fixture
def product(cast: Cast) -> Product:
    made = make_product(cast)
    make_prices(cast, {made: 10_000})
    receive(cast, made, make_warehouse(), 300)
    return made


def test_an_order_is_taken_by_number_quantity_and_enter(client_for, cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 1_000_000)
    client = client_for(cast.salesperson)
    at = f"/crm/orders/new/{customer.pk}/"
    for words in (customer.code, "jinsui", "0731-8512 3307", "红星路"):
        assert client.get("/crm/orders/new/", {"q": words}).url == at, words
    assert client.get("/crm/orders/new/", {"q": "没有"}).status_code == 200
    page = client.get(at)
    key = {page.context["key_field"]: page.context["key"], "wanted_on": today().isoformat(), "warehouse": make_warehouse().pk}
    short = client.get(f"{at}verdict/", {f"q-{product.pk}": "138"} | key).content.decode()
    assert "3,800.00" in short
    assert "38 条" in short or "38 cartons" in short
    asked = client.post(at, {f"q-{product.pk}": "2", f"u-{product.pk}": "case", "act": "ask"} | key)
    assert asked.status_code == 200
    assert asked.context["verdict"].passes
    assert not Order.objects.exists(), "asking writes nothing"
    for _press in range(2):
        answer = client.post(at, {f"q-{product.pk}": "2", f"u-{product.pk}": "case", "act": "confirm"} | key)
        assert (answer.status_code, answer.url) == (302, "/crm/orders/new/")
    placed = Order.objects.get()
    assert (placed.total, placed.lines.get().quantity) == (1_000_000, 100)
    page = client.get(placed.get_absolute_url()).content.decode()
    assert "10,000.00" in page
    assert placed.number in client.get(customer.get_absolute_url()).content.decode()
    assert placed.number in client.get("/crm/orders/?q=jinsui").content.decode()


def test_what_is_wrong_is_said_and_what_was_typed_stays(client_for, cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 1_000_000)
    client, at = client_for(cast.salesperson), f"/crm/orders/new/{customer.pk}/"
    for text, unit in (("1e9", "box"), ("−1", "carton"), ("½", "carton"), ("NaN", "carton"), ("99999999", "box"), ("1", "pack"), ("101", "carton")):
        values = {f"q-{product.pk}": text, f"u-{product.pk}": unit, "act": "confirm", "form_key": str(uuid4())}
        answer = client.post(at, values)
        assert answer.status_code == 422, text
        assert f'value="{text}"' in answer.content.decode()
    answer = client.post(at, {"act": "confirm", "form_key": str(uuid4()), "wanted_on": "2026-02-30", f"q-{product.pk}": "1"})
    assert answer.status_code == 422
    assert client.post(at, {"act": "confirm", "form_key": str(uuid4())}).status_code == 422
    assert not Order.objects.exists()
    other = make_product(cast, "金叶（硬红）", "4301001")
    order(cast.salesperson, customer, {product: 1})
    rows = client.get(f"{at}rows/", {"add": "jinye"}).content.decode()
    assert other.name in rows
    assert product.name not in rows, "what this customer orders stands in the grid already"
    kept = client.get(f"{at}rows/", {"add": "songtao", f"q-{other.pk}": "3"}).content.decode()
    assert 'value="3"' in kept


def test_an_order_is_changed_delivered_returned_and_paid_on_pages(client_for, cast: Cast, customer: Customer, product: Product) -> None:
    client, account = client_for(cast.admin), f"/crm/accounts/{customer.pk}/"
    terms = {"limit": "10,000", "term_days": 0, "grace_days": 3}
    assert client.post(f"{account}terms/", terms | {"limit": "NaN"}).status_code == 422
    assert client.post(f"{account}terms/", terms).status_code == 302
    placed = order(cast.salesperson, customer, {product: 60})
    line, at = placed.lines.get(), placed.get_absolute_url()
    change = {f"line_{line.pk}": "101", "wanted_on": today().isoformat()}
    answer = client.post(f"{at}change/", change)
    assert answer.status_code == 422
    assert "100.00" in answer.content.decode()
    assert client.post(f"{at}change/", change | {f"line_{line.pk}": "50"}).status_code == 302
    assert client.post(f"{at}delivery/", {f"line_{line.pk}": "51"}).status_code == 422
    assert client.post(f"{at}delivery/", {f"line_{line.pk}": "40"}).status_code == 302
    assert client.post(f"{at}return/", {f"line_{line.pk}": "41", "reason": "错发"}).status_code == 422
    assert client.post(f"{at}return/", {f"line_{line.pk}": "1", "reason": "错发"}).status_code == 302
    assert client.post(f"{at}cancel/").status_code == 302
    paid = {"fen": "1,000.00", "came_on": today().isoformat(), "reference": "转 001"}
    assert client.post(f"{account}payments/new/", paid).status_code == 302
    assert client.post(f"{account}payments/new/", paid).status_code == 422
    page = client.get(account).content.decode()
    assert "2,900.00" in page
    assert "2,900.00" in client.get("/crm/receivables/").content.decode()
    assert "2,900.00" in client.get("/crm/receivables/ageing/").content.decode()
    assert client.get("/crm/receivables/ageing/", {"on": (today() - timedelta(days=1)).isoformat()}).context["rows"] == []
    assert client.get("/crm/receivables/ageing/", {"on": "2026-02-30"}).status_code == 200
    assert client.post(f"/crm/payments/{Payment.objects.get(kind='money').pk}/bounce/").status_code == 302
    assert CreditAccount.objects.get().owed == 390_000
    cap = {"product": product.pk, "starts_on": today().isoformat(), "ends_on": today().isoformat(), "quantity": "100"}
    assert client.post(f"{account}caps/new/", cap).status_code == 302
    assert client.post(f"{account}caps/new/", cap).status_code == 422
    assert product.name in client.get(account).content.decode()
