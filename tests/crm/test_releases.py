"""An order that does not pass by itself is let through by a paper: that order, by as much as the paper says, and nothing else."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from crm.catalogue.models import Product
from crm.catalogue.services.stock import book_issue
from crm.customers.models import Customer
from crm.orders.errors import OrdersError, RefusedError
from crm.orders.models import CreditAccount, CreditEntry, Order, Release
from crm.orders.papers import CODE, RELEASE
from crm.orders.services.accounts import set_cap
from crm.orders.services.gate import place_order
from crm.orders.services.releases import ask_release, confirm_release, settle_release
from portal.approvals.models import PaperKind
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.approvals.writing import approve, make_kind, now, person, refuse, resubmit, send_back, step
from tests.cast import Cast
from tests.crm.dealing import give_credit, order
from tests.crm.goods import make_prices, make_product, make_warehouse, receive
from tests.crm.writing import fresh


@pytest.fixture
def product(cast: Cast) -> Product:
    """At 100.00, with 100 条; the director alone decides on releases."""
    made = make_product(cast)
    make_prices(cast, {made: 10_000})
    receive(cast, made, make_warehouse(), 100)
    make_kind(step("a", person(cast.director)), code=CODE, prefix="放行", fields=RELEASE["fields"])
    return made


def ask(cast: Cast, customer: Customer, product: Product, number: int, **changes: Any) -> Release:
    values = {"wanted_on": today(), "key": uuid4(), "reason": "节前备货，货款月底前付清"} | changes
    return ask_release(actor=fresh(cast.salesperson), customer=customer, warehouse=make_warehouse(), quantities={product.pk: number}, **values)


def told(person: Any) -> list[str]:
    return list(Notification.objects.filter(recipient=person, kind__startswith="orders.").order_by("pk").values_list("kind", flat=True))


def test_what_the_paper_names_passes_and_nothing_else(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 200_000)
    set_cap(customer, actor=fresh(cast.admin), product=product, starts_on=today(), ends_on=today(), quantity=25)
    for number, sentence in ((20, "不需要放行"), (101, "100")):
        with pytest.raises(OrdersError, match=sentence):
            ask(cast, customer, product, number)
    with pytest.raises(OrdersError):
        ask(cast, customer, product, 30, reason=" ")
    key = uuid4()
    asked = ask(cast, customer, product, 30, key=key)
    assert ask(cast, customer, product, 30, key=key) == asked
    with pytest.raises(OrdersError):
        ask(cast, customer, product, 31, key=key)
    assert asked.needs == {"credit": 100_000, "overdue": 0, "caps": {str(product.pk): 5}}
    content = now(asked.paper).content
    assert content is not None
    assert "1,000.00" in content.values["parts"]
    assert "5" in content.values["parts"]
    settled = settle_release(asked.paper_id)
    assert settled is not None
    assert settled.state == "asked", "nothing is decided yet"
    with pytest.raises(OrdersError, match="没有获得放行"):
        confirm_release(asked, actor=fresh(cast.salesperson))
    approve(asked.paper, cast.director)
    drain()
    asked.refresh_from_db()
    placed = Order.objects.get()
    assert (asked.state, asked.order, placed.total, placed.verdict["released"]) == ("used", placed, 300_000, ["credit", "quota"])
    assert told(cast.salesperson) == ["orders.released"]
    assert settle_release(asked.paper_id) == asked, "done again it does nothing"
    assert Order.objects.count() == 1
    with pytest.raises(RefusedError):
        order(cast.salesperson, customer, {product: 1})
    account = CreditAccount.objects.get(customer=customer)
    assert (account.exposure, account.raised) == (300_000, 300_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditEntry.objects.create(account=account, bucket="promised", fen=1, document="x")


def test_what_is_refused_or_was_changed_on_its_way_is_not_released(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 100_000)
    refused = ask(cast, customer, product, 20)
    refuse(refused.paper, cast.director)
    changed = ask(cast, customer, product, 21)
    send_back(changed.paper, cast.director)
    resubmit(changed.paper, cast.salesperson, parts="超过信用额度 1.00")
    approve(changed.paper, cast.director)
    drain()
    for one in (refused, changed):
        one.refresh_from_db()
        assert one.state == "refused"
        with pytest.raises(OrdersError):
            confirm_release(one, actor=fresh(cast.salesperson))
    assert changed.hindrance
    assert told(cast.salesperson) == ["orders.not_released"] * 2
    assert not Order.objects.exists()


def test_another_order_is_asked_again_and_what_is_missing_meanwhile_is_said(cast: Cast, customer: Customer, product: Product) -> None:
    """The goods are gone when the paper is approved: the release waits; changed, too late, or needing more than was allowed, it does not hold."""
    give_credit(cast, customer, 100_000)
    asked = ask(cast, customer, product, 90)
    approve(asked.paper, cast.director)
    book_issue(actor=fresh(cast.admin), product=product, warehouse=make_warehouse(), quantity=50, reason="样品")
    drain()
    asked.refresh_from_db()
    assert (asked.state, asked.order) == ("approved", None)
    assert product.name in asked.hindrance
    assert told(cast.salesperson) == ["orders.hindered"]
    values = {"actor": fresh(cast.salesperson), "customer": customer, "warehouse": make_warehouse(), "wanted_on": today(), "key": uuid4(), "release": asked}
    with pytest.raises(OrdersError, match="重新申请放行"):
        place_order(quantities={product.pk: 40}, **values)
    other = order(cast.salesperson, customer, {product: 1})
    receive(cast, product, make_warehouse(), 50)
    with pytest.raises(RefusedError, match=r"100\.00"):
        confirm_release(asked, actor=fresh(cast.salesperson))
    Release.objects.update(valid_until=today() - timedelta(days=1))
    with pytest.raises(OrdersError, match="到期"):
        confirm_release(asked, actor=fresh(cast.salesperson))
    assert list(Order.objects.all()) == [other]


def test_the_screen_asks_the_page_says_and_strangers_do_neither(client_for, cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 100_000)
    client, at = client_for(cast.salesperson), f"/crm/orders/new/{customer.pk}/"
    values = {f"q-{product.pk}": "20", "form_key": str(uuid4()), "wanted_on": today().isoformat(), "warehouse": make_warehouse().pk}
    assert client.post(at, values | {"act": "ask"}).context["needs"]
    assert not client.post(at, values | {f"q-{product.pk}": "101", "act": "ask"}).context["needs"]
    answer = client.post(at, values | {"act": "release", "reason": ""})
    assert answer.status_code == 422
    assert 'value="20"' in answer.content.decode()
    for _press in range(2):
        answer = client.post(at, values | {"act": "release", "reason": "节前备货"})
        assert answer.status_code == 302
    asked = Release.objects.get()
    assert answer.url == asked.get_absolute_url()
    page = client.get(asked.get_absolute_url()).content.decode()
    assert all(words in page for words in ("1,000.00", asked.paper.number, "节前备货"))
    assert asked.paper.number in client.get("/crm/releases/").content.decode()
    assert client.post(f"{asked.get_absolute_url()}confirmation/").status_code == 302
    assert not Order.objects.exists(), "it is not approved yet"
    assert client_for(cast.inspector).get(asked.get_absolute_url()).status_code == 404
    approve(asked.paper, cast.director)
    drain()
    placed = Order.objects.get()
    assert asked.paper.number in client.get(placed.get_absolute_url()).content.decode()
    PaperKind.objects.filter(code=CODE).update(is_open=False)
    assert client.post(at, values | {"act": "release", "reason": "再来", "form_key": str(uuid4())}).status_code == 422
