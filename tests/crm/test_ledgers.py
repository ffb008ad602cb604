"""Prices by tier and by paper, what the night finds of the ledgers, who is told of a payment taken back, and colours by tier."""

from datetime import timedelta
from uuid import uuid4

import pytest

from crm.catalogue.capabilities import KEEP_PRODUCTS, KEEP_STOCK, READ_PRODUCTS, SEE_PRICES
from crm.catalogue.errors import CatalogueError
from crm.catalogue.health import _ledgers
from crm.catalogue.models import LedgerCheck, Product
from crm.catalogue.services.checks import check_stock, look_at
from crm.catalogue.services.products import DraftPrice, create_price_list, issue_prices
from crm.customers.models import Customer
from crm.customers.services.tiers import TierLine, decide_tiers
from crm.orders.capabilities import KEEP_ACCOUNTS
from crm.orders.errors import OrdersError
from crm.orders.models import Receivable
from crm.orders.services.accounts import book_payment, bounce_payment, set_bounds
from crm.orders.services.checks import check_accounts
from crm.orders.services.facts import buyer_of
from crm.orders.services.handling import deliver_order
from crm.orders.services.overdue import ageing
from portal.approvals.models import Paper
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.approvals.writing import approve, make_kind, now, person, step, submit
from tests.cast import Cast
from tests.crm.dealing import give_credit, order
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.writing import fresh, let_keep, make_customer
from tests.health import said_by


@pytest.fixture
def product(cast: Cast) -> Product:
    made = make_product(cast)
    make_prices(cast, {made: 10_000})
    receive(cast, made, make_warehouse(), 100)
    return made


def approved(cast: Cast, code: str = "tiers") -> Paper:
    paper = submit(make_kind(step("a", person(cast.director)), code=code, prefix=code, numbered_at="submission"), cast.operator, title="客户分级")
    approve(paper, cast.director)
    return now(paper)


def test_a_price_follows_the_tier_of_the_day_and_its_paper(client_for, cast: Cast, customer: Customer, product: Product) -> None:
    let_keep(cast.operator, cast.admin)
    admin = let(cast.operator, KEEP_PRODUCTS, cast.admin)
    tiers = approved(cast)
    decide_tiers(
        actor=admin, paper_number=tiers.number, starts_on=today(), ends_on=today() + timedelta(days=9), lines=[TierLine(customer.code, "strategic", 30)]
    )
    assert [buyer_of(customer, today() + timedelta(days=days)).tier for days in (-1, 0, 9, 10)] == ["", "strategic", "strategic", ""]
    paper = approved(cast, "prices")
    lists = create_price_list(actor=admin, name="战略客户价", scope="tier", scope_value="strategic")
    lines = [DraftPrice(product, 1, 9_500, 9_500), DraftPrice(product, 20, 9_000, 9_000)]
    waiting = submit(make_kind(step("a", person(cast.director)), code="late", prefix="late", numbered_at="submission"), cast.operator)
    with pytest.raises(CatalogueError, match=waiting.number):
        issue_prices(lists, actor=admin, starts_on=today(), paper=waiting.number, lines=lines)
    issue_prices(lists, actor=admin, starts_on=today(), paper=paper.number, lines=lines)
    give_credit(cast, customer, 10_000_000)
    other = make_customer(customer.portfolio, cast.salesperson, "南门口惠民便利店")
    give_credit(cast, other, 10_000_000)
    totals = [order(cast.salesperson, one, {product: number}).total for one, number in ((customer, 10), (customer, 20), (other, 10))]
    assert totals == [95_000, 180_000, 100_000]
    at = f"{product.get_absolute_url()}price/"
    seller = client_for(let(cast.salesperson, SEE_PRICES, cast.admin))
    page = seller.get(at, {"customer": "jinsui", "quantity": "20"})
    assert page.context["winner"] == "90.00"
    assert [(one["price"], bool(one["why"])) for one in page.context["offers"]] == [("90.00", False), ("95.00", True), ("100.00", True)]
    assert seller.get(at, {"customer": customer.code, "quantity": "½"}).context["wrong"]
    assert len(seller.get(at, {"customer": "南门"}).context["offers"]) == 1
    assert "offers" not in client_for(let(cast.workshop_head, SEE_PRICES, cast.admin)).get(at, {"customer": customer.code}).context, (
        "nobody's customer but their own"
    )
    assert client_for(let(cast.inspector, READ_PRODUCTS, cast.admin)).get(at, {"customer": customer.code}).status_code == 403
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.VOID)
    assert order(cast.salesperson, customer, {product: 20}).total == 200_000, "prices of a paper that is void hold no more"


def test_a_difference_rings_once_and_stands_among_the_checks(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 10_000_000)
    placed = order(cast.salesperson, customer, {product: 10})
    deliver_order(placed, actor=fresh(cast.admin), quantities={placed.lines.get().pk: 4}, key=uuid4())
    book_payment(customer, actor=fresh(cast.admin), fen=90_000, came_on=today(), reference="转 1", key=uuid4())
    store, clerk = let(cast.workshop_head, KEEP_STOCK, cast.admin), let(cast.director, KEEP_ACCOUNTS, cast.admin)
    assert (check_stock().differences, check_accounts().differences) == (0, 0)
    Receivable.objects.update(settled=1)
    for _night in range(2):
        assert check_accounts().differences == 1, "what is owed is not what the receivables say"
        assert look_at("stock", "SELECT '松涛 · 成品一库', 101, 100", (KEEP_STOCK,), "/crm/stock/").differences == 1
    drain()
    told = Notification.objects.filter(kind="catalogue.ledger_differs").exclude(recipient=cast.admin)
    assert set(told.values_list("recipient", flat=True)) == {store.pk, clerk.pk}
    assert told.count() == 2
    assert customer.name in LedgerCheck.objects.get(ledger="accounts").first[0]
    assert "accounts: 1" in said_by(_ledgers).detail
    Receivable.objects.update(settled=40_000)
    assert (check_stock().differences, check_accounts().differences, _ledgers().state) == (0, 0, "ok")


def test_a_payment_taken_back_rings_and_a_tier_has_its_own_colours(client_for, cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 10_000_000, term=10)
    clerk = let(cast.director, KEEP_ACCOUNTS, cast.admin)
    placed = order(cast.salesperson, customer, {product: 10})
    deliver_order(placed, actor=fresh(cast.admin), quantities={placed.lines.get().pk: 10}, key=uuid4())
    bounce_payment(book_payment(customer, actor=clerk, fen=500, came_on=today(), reference="转 9", key=uuid4()), actor=clerk)
    drain()
    assert list(Notification.objects.filter(kind="orders.bounced").exclude(recipient=cast.admin).values_list("recipient", flat=True)) == [cast.salesperson.pk]
    decide_tiers(
        actor=let_keep(cast.operator, cast.admin),
        paper_number=approved(cast).number,
        starts_on=today(),
        ends_on=today() + timedelta(days=99),
        lines=[TierLine(customer.code, "key", 9)],
    )

    def levels(*days: int) -> list[str]:
        return [ageing(Receivable.objects.all(), today() + timedelta(days=one))[0].level for one in days]

    assert levels(0, 3, 10, 11) == ["", "yellow", "yellow", "red"]
    client = client_for(clerk)
    assert client.post("/crm/receivables/colours/", {"tier": "key", "yellow": "20", "red": "5"}).status_code == 302
    assert levels(0, 11, 15, 16) == ["yellow", "orange", "orange", "red"]
    assert client.post("/crm/receivables/colours/", {"tier": "key", "yellow": "-1"}).status_code == 422
    assert "warning" in client.get("/crm/receivables/").content.decode()
    assert client.get("/crm/receivables/ageing/").status_code == 200
    assert client_for(cast.salesperson).get("/crm/receivables/colours/").status_code == 403
    with pytest.raises(OrdersError):
        set_bounds(actor=fresh(cast.salesperson), tier="key", yellow=1, red=None)
