"""Orders at a scale that is filled in a few minutes: lists and the order screen, judging and confirming, 16 clients, 50 for the last ten, ageing."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from benchmarks.context import Context
from benchmarks.pages import REFERENCE_BACKEND, cpu_rows
from benchmarks.rows import Row, at_least, at_most, told
from benchmarks.timing import p95, timed
from crm.catalogue.models import Brand, PriceLine, PriceList, PriceVersion, Product, StockEntry, Warehouse
from crm.customers.models import Customer
from crm.customers.services.portfolios import create_portfolio
from crm.orders.errors import RefusedError
from crm.orders.judging import judge
from crm.orders.models import CreditAccount, Order, OrderLine, Receivable
from crm.orders.services.checks import check_accounts
from crm.orders.services.facts import read_facts
from crm.orders.services.gate import place_order, preview
from crm.orders.services.overdue import ageing
from portal.accounts.models import User
from portal.organization.models import Department
from portal.organization.querysets import today

# A twenty-fifth of what a plant has after some years (200,000 customers, 2,000 products, 5,000,000 lines).
CUSTOMERS, PRODUCTS, ORDERS, EACH, TURNS = 8_000, 200, 40_000, 5, 60
CLIENTS, CONFIRMATIONS, ASKING, LEFT = 16, 320, 50, 10
LIST_GOAL, SCREEN_GOAL, JUDGE_GOAL, CONFIRM_GOAL, RATE_GOAL, LAST_GOAL, AGEING_GOAL = 1.5, 2.0, 15, 40, 100, 1_000, 300
WRITE_ORDERS = """
    INSERT INTO orders_order (number, customer_id, warehouse_id, state, wanted_on, total, remark, placed_at, placed_by_id, key, digest, verdict)
    SELECT 'B' || n, customers[1 + n * 7919 %% cardinality(customers)], warehouses[1 + n %% cardinality(warehouses)],
           CASE WHEN n %% 20 = 0 THEN 'confirmed' ELSE 'delivered' END, current_date - n / 400 + 5, 0, '', now() - n * interval '3 minutes', %(actor)s,
           gen_random_uuid(), '', '{}'
    FROM generate_series(1, %(orders)s) AS n, (SELECT %(customers)s::bigint[] AS customers, %(warehouses)s::bigint[] AS warehouses) AS given
"""
WRITE_LINES = """
    INSERT INTO orders_orderline (order_id, product_id, quantity, fen, price_list, promised_on, delivered, cancelled, returned)
    SELECT o.id, products[1 + (o.id * 31 + k * 37) %% cardinality(products)], 1 + (o.id + k) %% 9, 10000, 'bench', o.wanted_on,
           CASE WHEN o.state = 'confirmed' THEN 0 ELSE 1 + (o.id + k) %% 9 END, 0, 0
    FROM orders_order o CROSS JOIN generate_series(1, %(each)s) AS k, (SELECT %(products)s::bigint[] AS products) AS given WHERE o.number LIKE 'B%%'
    ON CONFLICT DO NOTHING
"""
SETTLE = (
    """
    UPDATE orders_order o SET total = s.fen FROM (SELECT order_id, sum(quantity * fen) AS fen FROM orders_orderline GROUP BY 1) AS s
    WHERE s.order_id = o.id AND o.number LIKE 'B%%'
    """,
    """
    INSERT INTO orders_handling (order_id, kind, fen, reason, at, actor_id, key)
    SELECT id, 'delivery', total, '', placed_at, placed_by_id, gen_random_uuid() FROM orders_order WHERE number LIKE 'B%%' AND state = 'delivered'
    """,
    """
    INSERT INTO orders_receivable (account_id, order_id, handling_id, fen, settled, booked_on, due_on)
    SELECT a.id, o.id, h.id, h.fen, CASE WHEN o.id %% 10 = 0 THEN 0 ELSE h.fen END, h.at::date, h.at::date + 30
    FROM orders_handling h JOIN orders_order o ON o.id = h.order_id JOIN orders_creditaccount a ON a.customer_id = o.customer_id
    WHERE o.number LIKE 'B%%'
    """,
    """
    INSERT INTO orders_payment (account_id, kind, fen, unused, came_on, reference, actor_id, key)
    SELECT account_id, 'money', fen, 0, least(due_on, current_date), 'B' || r.id, %(actor)s, gen_random_uuid()
    FROM orders_receivable r JOIN orders_order o ON o.id = r.order_id WHERE o.number LIKE 'B%%' AND settled = fen
    """,
    """
    INSERT INTO orders_paymentuse (payment_id, receivable_id, fen, "on")
    SELECT p.id, r.id, r.fen, p.came_on FROM orders_receivable r JOIN orders_payment p ON p.account_id = r.account_id AND p.reference = 'B' || r.id
    """,
    """
    INSERT INTO catalogue_stockentry (product_id, warehouse_id, bucket, kind, quantity, document, reason, at)
    SELECT l.product_id, o.warehouse_id, 'promised', 'order', sum(l.quantity), 'bench', '', now()
    FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id WHERE o.number LIKE 'B%%' AND o.state = 'confirmed' GROUP BY 1, 2
    """,
    """
    INSERT INTO orders_creditentry (account_id, bucket, fen, document, at)
    SELECT a.id, 'promised', sum(o.total), 'bench', now() FROM orders_order o JOIN orders_creditaccount a ON a.customer_id = o.customer_id
    WHERE o.number LIKE 'B%%' AND o.state = 'confirmed' GROUP BY 1
    UNION ALL SELECT account_id, 'owed', sum(fen - settled), 'bench', now()
    FROM orders_receivable r JOIN orders_order o ON o.id = r.order_id WHERE o.number LIKE 'B%%' AND settled < fen GROUP BY 1
    """,
)
TABLES = "customers_customer, catalogue_product, catalogue_stock, catalogue_stockentry, orders_order, orders_orderline, orders_creditaccount"
VACUUM = f"VACUUM ANALYZE {TABLES}, orders_receivable, orders_payment, orders_paymentuse"


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    actor = User.objects.filter(is_superuser=True).order_by("pk")[0]
    fill_orders(context, actor)
    customers = list(Customer.objects.filter(code__startswith="B").order_by("pk").select_related("portfolio"))
    products = list(Product.objects.filter(code__startswith="B").order_by("pk"))
    warehouse = Warehouse.objects.get(code="B0")
    cookie, plain = context.sign_in(actor), context.sign_in(actor, backend=REFERENCE_BACKEND)
    order = Order.objects.filter(number="B20").get()
    lists = [
        ("orders", "/crm/orders/", cookie, True),
        ("orders, late", "/crm/orders/?due=late", cookie, True),
        ("products", "/crm/products/", cookie, True),
        ("receivables", "/crm/receivables/", cookie, True),
        ("an order", order.get_absolute_url(), cookie, False),
    ]
    screen = [("the order screen", f"/crm/orders/new/{customers[5].pk}/", cookie, True)]
    rows = [told("orders", "lines of orders", OrderLine.objects.count(), "lines")]
    rows += cpu_rows(context, lists, plain, area="orders", goal=LIST_GOAL)
    rows += cpu_rows(context, screen, plain, area="orders", goal=SCREEN_GOAL)
    rows += _gate(context, actor, customers, products, warehouse)
    rows += _together(context, actor, customers, products, warehouse)
    times = [timed(partial(ageing, Receivable.objects.all(), today() - timedelta(days=20 + turn))) for turn in range(7)]
    rows.append(at_most("orders", "ageing as of a past day, median", sorted(times)[3], "ms", AGEING_GOAL))
    rows.append(at_most("orders", "sums that differ from ledgers and documents", check_accounts().differences, "sums", 0))
    return rows


def _gate(context: Context, actor: User, customers: list[Customer], products: list[Product], warehouse: Warehouse) -> list[Row]:
    context.say("judging and confirming")
    twenty = {product.pk: 2 for product in products[:20]}
    account = CreditAccount.objects.get(customer=customers[0])
    facts = read_facts(customers[0], account, warehouse, today(), twenty)
    alone = [timed(partial(judge, facts)) for _turn in range(TURNS)]
    asked = [timed(partial(preview, customer, warehouse, today(), twenty)) for customer in customers[:TURNS]]
    confirmed = [timed(partial(_place, actor, customer, products[turn : turn + EACH], warehouse)) for turn, customer in enumerate(customers[:TURNS])]
    return [
        at_most("orders", "judging 20 lines, once they are read, p95", p95(alone), "ms", JUDGE_GOAL),
        told("orders", "reading and judging 20 lines, p95", p95(asked), "ms"),
        at_most("orders", f"confirming {EACH} lines, p95", p95(confirmed), "ms", CONFIRM_GOAL),
    ]


def _together(context: Context, actor: User, customers: list[Customer], products: list[Product], warehouse: Warehouse) -> list[Row]:
    context.say(f"{CLIENTS} clients, then {ASKING} for the last {LEFT}")
    begun = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(partial(_client, actor, customers, products, warehouse), range(CLIENTS)))
    rate = CONFIRMATIONS / (time.monotonic() - begun)
    scarce = _product("BSCARCE", "稀缺", Brand.objects.get(name="bench"))
    scarce.save()
    PriceLine.objects.bulk_create([PriceLine(version=_version("bench scarce"), product=scarce, min_qty=1, fen=10_000, floor=10_000)])
    StockEntry.objects.create(product=scarce, warehouse=warehouse, bucket="on_hand", kind="receipt", quantity=LEFT, actor=actor)
    begun = time.monotonic()
    with ThreadPoolExecutor(ASKING) as pool:
        answers = list(pool.map(lambda turn: _apart(actor, customers[500 + turn], [scarce], warehouse), range(ASKING)))
    spent = (time.monotonic() - begun) * 1000
    return [
        at_least("orders", f"confirmations of {EACH} lines by {CLIENTS} threads of one process", rate, "a second", RATE_GOAL),
        at_most("orders", f"{ASKING} at once for the last {LEFT}: yes that were not {LEFT}", abs(sum(answers) - LEFT), "orders", 0),
        at_most("orders", "all of them are answered", spent, "ms", LAST_GOAL),
    ]


def _client(actor: User, customers: list[Customer], products: list[Product], warehouse: Warehouse, first: int) -> None:
    """In a thread that keeps its connection, as those of the server do."""
    try:
        for turn in range(first, CONFIRMATIONS, CLIENTS):
            _place(actor, customers[turn], products[turn % 150 : turn % 150 + EACH], warehouse, 1)
    finally:
        connection.close()


def _apart(actor: User, customer: Customer, products: Sequence[Product], warehouse: Warehouse) -> bool:
    """In a thread, with a connection of its own."""
    try:
        _place(actor, customer, products, warehouse, 1)
    except RefusedError:
        return False
    finally:
        connection.close()
    return True


def _place(actor: User, customer: Customer, products: Sequence[Product], warehouse: Warehouse, number: int = 2) -> None:
    values: dict[str, Any] = {"customer": customer, "warehouse": warehouse, "wanted_on": today()}
    place_order(actor=actor, quantities={product.pk: number for product in products}, key=uuid4(), **values)


def fill_orders(context: Context, actor: User) -> None:
    """Made once and kept for the next run."""
    if Order.objects.filter(number="B1").exists():
        return
    context.say(f"writing {ORDERS:,} orders of {CUSTOMERS:,} customers")
    with transaction.atomic():
        portfolio = create_portfolio(actor=actor, code="BENCH", name="bench", department=Department.objects.order_by("path")[0])
        drafts = [Customer(code=f"B{number}", name=f"红星路{number}号烟酒店", kind="retailer", portfolio=portfolio) for number in range(CUSTOMERS)]
        for draft in drafts:
            draft.prepare()
        customers = Customer.objects.bulk_create(drafts, batch_size=1_000)
        brand = Brand.objects.create(name="bench")
        products = Product.objects.bulk_create([_product(f"B{number}", f"金叶{number}号", brand) for number in range(PRODUCTS)])
        warehouses = [Warehouse.objects.create(code=f"B{number}", name=f"bench {number}") for number in range(3)]
        version = _version("bench")
        PriceLine.objects.bulk_create([PriceLine(version=version, product=product, min_qty=1, fen=10_000, floor=10_000) for product in products])
        StockEntry.objects.bulk_create(
            [StockEntry(product=one, warehouse=place, bucket="on_hand", kind="receipt", quantity=1_000_000) for one in products for place in warehouses]
        )
        CreditAccount.objects.bulk_create([CreditAccount(customer=one, limit=10**12, term_days=30, grace_days=365) for one in customers])
        keys = {"customers": [one.pk for one in customers], "warehouses": [one.pk for one in warehouses], "products": [one.pk for one in products]}
        with connection.cursor() as cursor:
            for statement in (WRITE_ORDERS, WRITE_LINES, *SETTLE):
                cursor.execute(statement, keys | {"actor": actor.pk, "orders": ORDERS, "each": EACH})
    with connection.cursor() as cursor:
        cursor.execute(VACUUM)


def _product(code: str, name: str, brand: Brand) -> Product:
    product = Product(code=code, name=name, brand=brand)
    product.prepare()
    return product


def _version(name: str) -> PriceVersion:
    """For everybody, from long ago."""
    prices = PriceList.objects.create(name=name)
    return PriceVersion.objects.create(price_list=prices, starts_on=today() - timedelta(days=400), paper="bench")
