"""Every yes holds: orders through the gate, what is delivered, comes back, is owed and paid."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.db.models import F, Sum

from crm.catalogue.models import Product, Stock, StockEntry
from crm.catalogue.services.stock import plan_supply
from crm.customers.models import Customer
from crm.customers.panels import work_in
from crm.customers.services.merges import merge_customers
from crm.orders.capabilities import DELIVER_ORDERS, KEEP_ACCOUNTS, TAKE_ORDERS
from crm.orders.errors import OrdersError, RefusedError
from crm.orders.models import CreditAccount, CreditEntry, Order, OrderLine, Receivable
from crm.orders.services.accounts import book_payment, bounce_payment, set_cap, set_terms
from crm.orders.services.gate import cancel_order, change_order
from crm.orders.services.handling import deliver_order, return_goods
from crm.orders.services.overdue import Owed, ageing, owed_by
from portal.access.policies import can, viewers_of, visible_to
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.dealing import give_credit, order
from tests.crm.goods import let, make_prices, make_product, make_warehouse, receive
from tests.crm.writing import fresh, make_customer, make_portfolio


@pytest.fixture
def product(cast: Cast) -> Product:
    """At 100.00, with 100 条 in 成品一库."""
    made = make_product(cast)
    make_prices(cast, {made: 10_000})
    receive(cast, made, make_warehouse(), 100)
    return made


def sums(customer: Customer) -> tuple[int, int, int]:
    account = CreditAccount.objects.get(customer=customer)
    return account.promised, account.owed, account.advance


def stock(product: Product) -> tuple[int, int]:
    row = Stock.objects.get(product=product)
    return row.on_hand, row.promised


def line_of(placed: Order) -> OrderLine:
    return placed.lines.get()


def test_an_order_goes_its_way(cast: Cast, customer: Customer, product: Product) -> None:
    """Confirmed, partly delivered, changed, cancelled, returned and paid; each step leaves exposure where it was or lower."""
    give_credit(cast, customer, 1_000_000)
    admin = fresh(cast.admin)
    placed = order(cast.salesperson, customer, {product: 60})
    assert (placed.total, placed.number[:1], line_of(placed).price_list) == (600_000, "D", "统一批发价")
    assert (sums(customer), stock(product)) == ((600_000, 0, 0), (100, 60))
    with pytest.raises(RefusedError) as refusal:
        order(cast.salesperson, customer, {product: 41})
    assert {one.code for one in refusal.value.verdict.findings} == {"date_fewer", "credit_fewer"}
    key = uuid4()
    first = deliver_order(placed, actor=admin, quantities={line_of(placed).pk: 20}, key=key)
    assert deliver_order(placed, actor=admin, quantities={line_of(placed).pk: 20}, key=key) == first
    placed.refresh_from_db()
    assert (placed.state, sums(customer), stock(product)) == ("partly", (400_000, 200_000, 0), (80, 40))
    for quantities in ({line_of(placed).pk: 41}, {line_of(placed).pk: -1}, {10**9: 1}, {}):
        with pytest.raises(OrdersError):
            deliver_order(placed, actor=admin, quantities=quantities, key=uuid4())
    change_order(placed, actor=fresh(cast.salesperson), quantities={product.pk: 50}, wanted_on=today())
    assert (sums(customer), stock(product)) == ((500_000, 200_000, 0), (80, 50))
    with pytest.raises(RefusedError):
        change_order(placed, actor=fresh(cast.salesperson), quantities={product.pk: 81}, wanted_on=today())
    cancel_order(placed, actor=fresh(cast.salesperson))
    placed.refresh_from_db()
    assert (placed.state, placed.total, sums(customer), stock(product)) == ("delivered", 200_000, (0, 200_000, 0), (80, 0))
    with pytest.raises(OrdersError):
        cancel_order(placed, actor=fresh(cast.salesperson))
    paid = book_payment(customer, actor=admin, fen=250_000, came_on=today(), reference="转 001", key=uuid4())
    assert (sums(customer), paid.unused) == ((0, 0, 50_000), 50_000)
    return_goods(placed, actor=admin, quantities={line_of(placed).pk: 5}, reason="错发", key=uuid4())
    assert (sums(customer), stock(product)) == ((0, 0, 100_000), (85, 0))
    with pytest.raises(OrdersError):
        return_goods(placed, actor=admin, quantities={line_of(placed).pk: 16}, reason="没有卖过", key=uuid4())
    again = order(cast.salesperson, customer, {product: 7})
    deliver_order(again, actor=admin, quantities={line_of(again).pk: 7}, key=uuid4())
    assert sums(customer) == (0, 0, 30_000), "what was paid ahead settles the next delivery"
    bounce_payment(paid, actor=admin)
    assert sums(customer)[1] - sums(customer)[2] == 220_000
    with pytest.raises(OrdersError):
        bounce_payment(paid, actor=admin)


def test_the_same_key_is_one_order_and_the_same_reference_one_payment(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 1_000_000)
    key = uuid4()
    assert order(cast.salesperson, customer, {product: 5}, key=key) == order(cast.salesperson, customer, {product: 5}, key=key)
    with pytest.raises(OrdersError, match="D20"):
        order(cast.salesperson, customer, {product: 6}, key=key)
    assert (Order.objects.count(), stock(product)) == (1, (100, 5))
    admin = fresh(cast.admin)
    first = book_payment(customer, actor=admin, fen=100, came_on=today(), reference="转 1", key=key)
    assert book_payment(customer, actor=admin, fen=100, came_on=today(), reference="转 1", key=key) == first
    for values in ({"reference": "转 1"}, {"reference": "转 2", "fen": 0}, {"reference": "转 2", "came_on": today() + timedelta(days=1)}):
        with pytest.raises(OrdersError):
            book_payment(customer, actor=admin, key=uuid4(), **({"fen": 100, "came_on": today()} | values))
    assert sums(customer) == (50_000, 0, 100)


def test_a_limit_may_be_lowered_under_what_is_owed_and_closes_the_gate(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 100_000)
    placed = order(cast.salesperson, customer, {product: 10})
    give_credit(cast, customer, 50_000)
    with pytest.raises(RefusedError, match=r"100\.00|600\.00"):
        order(cast.salesperson, customer, {product: 1})
    deliver_order(placed, actor=fresh(cast.admin), quantities={line_of(placed).pk: 10}, key=uuid4())
    assert sums(customer) == (0, 100_000, 0), "what has left the gate is always billable"
    with pytest.raises(OrdersError):
        set_terms(customer, actor=fresh(cast.admin), limit=-1, term_days=0, grace_days=0)
    account = CreditAccount.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditEntry.objects.create(account=account, bucket="promised", fen=1, document="x")


def test_a_merged_file_orders_nothing_and_what_it_owes_counts(cast: Cast, customer: Customer, product: Product) -> None:
    double = make_customer(customer.portfolio, cast.salesperson, "红星路金穗便利店")
    give_credit(cast, customer, 100_000)
    give_credit(cast, double, 100_000)
    order(cast.salesperson, double, {product: 7})
    merge_customers(customer, double, actor=fresh(cast.admin))
    with pytest.raises(OrdersError, match=customer.code):
        order(cast.salesperson, double, {product: 1})
    with pytest.raises(RefusedError):
        order(cast.salesperson, customer, {product: 4})
    order(cast.salesperson, customer, {product: 3})


def test_what_a_merged_file_paid_ahead_is_no_room_for_the_other(cast: Cast, customer: Customer, product: Product) -> None:
    """The database knows the limit of one account: where the gate counted more, it said yes and the database no, as a fault."""
    double = make_customer(customer.portfolio, cast.salesperson, "红星路金穗便利店")
    give_credit(cast, customer, 100_000)
    book_payment(double, actor=fresh(cast.admin), fen=50_000, came_on=today(), reference="转 1", key=uuid4())
    merge_customers(customer, double, actor=fresh(cast.admin))
    with pytest.raises(RefusedError):
        order(cast.salesperson, customer, {product: 11})
    order(cast.salesperson, customer, {product: 10})


def test_a_cap_a_price_kept_and_a_supply_that_is_waited_for(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 100_000_000)
    set_cap(customer, actor=fresh(cast.admin), product=product, starts_on=today(), ends_on=today(), quantity=30)
    with pytest.raises(OrdersError):
        set_cap(customer, actor=fresh(cast.admin), product=product, starts_on=today(), ends_on=today(), quantity=9)
    placed = order(cast.salesperson, customer, {product: 30})
    with pytest.raises(RefusedError) as refusal:
        order(cast.salesperson, customer, {product: 1})
    assert [one.code for one in refusal.value.verdict.findings] == ["cap"]
    change_order(placed, actor=fresh(cast.salesperson), quantities={product.pk: 29}, wanted_on=today())
    make_prices(cast, {product: 9_000}, "客户专价", scope="customer", value=customer.code)
    change_order(placed, actor=fresh(cast.salesperson), quantities={product.pk: 30}, wanted_on=today())
    assert line_of(placed).fen == 10_000, "what was confirmed keeps its price"
    other = make_product(cast, "金叶（硬红）", "4301001")
    make_prices(cast, {other: 5_000}, "另一价目")
    day = today() + timedelta(days=3)
    plan_supply(actor=fresh(cast.admin), product=other, warehouse=make_warehouse(), day=day, quantity=10)
    with pytest.raises(RefusedError, match=day.isoformat()):
        order(cast.salesperson, customer, {other: 10})
    waiting = order(cast.salesperson, customer, {other: 10}, wanted=day)
    with pytest.raises(OrdersError):
        deliver_order(waiting, actor=fresh(cast.admin), quantities={line_of(waiting).pk: 1}, key=uuid4())


def test_due_today_is_not_overdue_and_ageing_is_known_of_any_day(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 1_000_000, term=0)
    placed = order(cast.salesperson, customer, {product: 10})
    deliver_order(placed, actor=fresh(cast.admin), quantities={line_of(placed).pk: 10}, key=uuid4())
    account = CreditAccount.objects.get()
    assert owed_by(customer, account, today()) == Owed()
    assert owed_by(customer, account, today() + timedelta(days=1)) == Owed(0, 100_000, today())
    Receivable.objects.update(booked_on=today() - timedelta(days=40), due_on=today() - timedelta(days=35))
    with pytest.raises(RefusedError) as refusal:
        order(cast.salesperson, customer, {product: 1})
    assert [one.code for one in refusal.value.verdict.findings] == ["overdue"]
    book_payment(customer, actor=fresh(cast.admin), fen=40_000, came_on=today(), reference="转 1", key=uuid4())
    [now], [before] = ageing(Receivable.objects.all(), today()), ageing(Receivable.objects.all(), today() - timedelta(days=1))
    assert (now.buckets, now.level) == ([0, 0, 60_000, 0, 0], "red")
    assert before.buckets == [0, 0, 100_000, 0, 0]
    assert ageing(Receivable.objects.all(), today() - timedelta(days=41)) == []
    assert ageing(Receivable.objects.all(), today() - timedelta(days=37))[0].level == "yellow"


def test_ledgers_only_grow_and_sums_are_nobody_elses(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 1_000_000)
    order(cast.salesperson, customer, {product: 10})
    for statement in (
        "UPDATE orders_creditaccount SET promised = 0",
        "DELETE FROM orders_creditentry",
        "UPDATE orders_creditentry SET fen = 1",
    ):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    for wrong in ({"quantity": 9, "delivered": 10}, {"fen": 0}, {"returned": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            OrderLine.objects.update(**wrong)


def test_who_sees_orders_and_does_what(cast: Cast, customer: Customer, product: Product) -> None:
    give_credit(cast, customer, 1_000_000)
    placed = order(cast.salesperson, customer, {product: 10})
    taker, driver = let(cast.operator, TAKE_ORDERS, cast.admin), let(cast.workshop_head, DELIVER_ORDERS, cast.admin)
    let(cast.director, KEEP_ACCOUNTS, cast.admin)
    expected = {"张强", "刘洋", "陈刚", "孙丽"}
    people = {person.name for person in cast.everyone if can(fresh(person), "view", placed) and not person.is_superuser}
    assert people == expected == {person.name for person in viewers_of(placed) if not person.is_superuser}
    assert people == {person.name for person in cast.everyone if visible_to(Order, fresh(person)).exists() and not person.is_superuser}
    assert order(taker, customer, {product: 1}).placed_by == taker
    for person in (driver, cast.inspector, cast.director):
        with pytest.raises(OrdersError):
            order(person, customer, {product: 1})
    with pytest.raises(OrdersError):
        deliver_order(placed, actor=taker, quantities={line_of(placed).pk: 1}, key=uuid4())
    with pytest.raises(OrdersError):
        book_payment(customer, actor=driver, fen=1, came_on=today(), reference="x", key=uuid4())


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_exactly_what_there_is_and_ledgers_equal_sums(cast: Cast, customer: Customer, product: Product) -> None:
    """50 ask for the last 10; then random orders, changes, cancellations, deliveries, returns and payments of several threads."""
    give_credit(cast, customer, 100_000_000)
    order(cast.salesperson, customer, {product: 90})

    def ask(_number: int) -> bool:
        try:
            order(cast.salesperson, customer, {product: 1})
        except RefusedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(50))) == 10
    assert stock(product) == (100, 100)
    give_credit(cast, customer, 1_400_000)

    def act(seed: int) -> None:
        random = Random(seed)
        try:
            for _turn in range(8):
                try:
                    _one_act(cast, customer, product, random)
                except OrdersError:
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))
    assert_sums_hold(customer, product)


def _one_act(cast: Cast, customer: Customer, product: Product, random: Random) -> None:
    admin = fresh(cast.admin)
    placed = Order.objects.order_by("?").first()
    assert placed is not None
    line = line_of(placed)
    match random.randrange(7):
        case 0 | 1:
            order(cast.salesperson, customer, {product: random.randrange(1, 9)})
        case 2:
            change_order(placed, actor=admin, quantities={product.pk: random.randrange(1, 12)}, wanted_on=today())
        case 3:
            cancel_order(placed, actor=admin)
        case 4:
            deliver_order(placed, actor=admin, quantities={line.pk: max(1, line.open // 2)}, key=uuid4())
        case 5:
            return_goods(placed, actor=admin, quantities={line.pk: 1}, reason="退", key=uuid4())
        case _:
            paid = book_payment(customer, actor=admin, fen=random.randrange(1, 90_000), came_on=today(), reference=str(uuid4()), key=uuid4())
            if random.randrange(3) == 0:
                bounce_payment(paid, actor=admin)


def assert_sums_hold(customer: Customer, product: Product) -> None:
    """Counters equal ledgers, and both equal what orders, receivables and payments say."""
    account = CreditAccount.objects.get(customer=customer)
    of_ledger = dict(CreditEntry.objects.order_by().values_list("bucket").annotate(Sum("fen")))
    assert {bucket: getattr(account, bucket) for bucket in of_ledger} == of_ledger
    lines = OrderLine.objects.all()
    assert account.promised == sum(line.open * line.fen for line in lines)
    assert account.owed == (Receivable.objects.aggregate(left=Sum(F("fen") - F("settled")))["left"] or 0)
    assert account.advance == (account.payments.aggregate(left=Sum("unused"))["left"] or 0)
    row = Stock.objects.get(product=product)
    entries = dict(StockEntry.objects.order_by().values_list("bucket").annotate(Sum("quantity")))
    assert (row.on_hand, row.promised) == (entries["on_hand"], entries["promised"])
    assert row.promised == sum(line.open for line in lines) <= row.on_hand + row.planned
    assert row.on_hand == 100 - sum(line.delivered - line.returned for line in lines)


def test_what_was_ordered_for_a_merged_file_is_its_survivors_holders_to_see_and_counts_in_its_caps(cast: Cast, client_for, customer, product) -> None:
    """Of two files in two portfolios one is left: its orders are on its page, its holder works on them, and who held the other no more."""
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    double = make_customer(other, cast.inspector, "红星路金穗便利店")
    for row in (customer, double):
        give_credit(cast, row, 10_000_000)
    placed = order(cast.inspector, double, {product: 30})
    set_cap(actor=fresh(cast.admin), customer=customer, product=product, starts_on=today(), ends_on=today(), quantity=40)
    assert not visible_to(Order, fresh(cast.salesperson)).exists()
    merge_customers(customer, double, actor=fresh(cast.admin))
    kept = Order.objects.get(pk=placed.pk)
    assert [person.pk for person in (cast.salesperson, cast.inspector) if kept in visible_to(Order, fresh(person))] == [cast.salesperson.pk]
    assert [can(fresh(person), "change", kept) for person in (cast.salesperson, cast.inspector)] == [True, False]
    assert set(viewers_of(kept).values_list("pk", flat=True)) & {cast.salesperson.pk, cast.inspector.pk} == {cast.salesperson.pk}
    assert placed.number in client_for(cast.salesperson).get(customer.get_absolute_url()).content.decode()
    assert [one.customer.pk for one in work_in([customer.portfolio_id]) if placed.number in one.text] == [customer.pk]
    with pytest.raises(RefusedError):  # 30 of 40 were ordered for the file that was merged
        order(cast.salesperson, customer, {product: 11})
    order(cast.salesperson, customer, {product: 10})
