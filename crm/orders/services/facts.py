"""What the gate judges by, read by few statements. The rows of the customer, the account and the stock are held by whoever asks, or it is a preview."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.catalogue.models import Stock, Warehouse
from crm.catalogue.prices import Buyer, explain_price, offers_on
from crm.catalogue.units import Packing
from crm.customers.models import Customer
from crm.customers.models.tiers import tier_on
from crm.orders.errors import OrdersError
from crm.orders.judging import AskedLine, Facts
from crm.orders.models import CreditAccount, Order
from crm.orders.services.overdue import owed_by
from portal.organization.querysets import today

Quantities = Mapping[int, int]
ByDay = Mapping[int, list[tuple[date, int]]]
PRODUCTS = "SELECT id, name, ended_on, base, sticks, per_case, per_box FROM catalogue_product WHERE id = ANY(%s)"
# What is planned and promised by day, and what is left of the customer's caps of this day.
GOODS = """
    SELECT 'supply', product_id, day, quantity - came
    FROM catalogue_supply WHERE product_id = ANY(%(products)s) AND warehouse_id = %(warehouse)s AND ended_at IS NULL
    UNION ALL
    SELECT 'promise', line.product_id, line.promised_on, sum(line.quantity - line.delivered - line.cancelled)::bigint
    FROM orders_orderline line JOIN orders_order placed ON placed.id = line.order_id
    WHERE line.product_id = ANY(%(products)s) AND line.quantity > line.delivered + line.cancelled
        AND placed.warehouse_id = %(warehouse)s AND placed.id <> %(own)s
    GROUP BY line.product_id, line.promised_on
    UNION ALL
    SELECT 'cap', cap.product_id, cap.starts_on, cap.quantity - coalesce((
        SELECT sum(line.quantity - line.cancelled - line.returned)::bigint
        FROM orders_orderline line JOIN orders_order placed ON placed.id = line.order_id JOIN customers_customer customer ON customer.id = placed.customer_id
        WHERE customer.root_id = %(root)s AND line.product_id = cap.product_id AND placed.id <> %(own)s
            AND (placed.placed_at AT TIME ZONE %(zone)s)::date BETWEEN cap.starts_on AND cap.ends_on
    ), 0)
    FROM orders_cap cap WHERE cap.customer_id = %(customer)s AND cap.product_id = ANY(%(products)s) AND %(day)s BETWEEN cap.starts_on AND cap.ends_on
"""


def buyer_of(customer: Customer, day: date | None = None) -> Buyer:
    """What decides the price of a customer on a day; their tier is the one that holds then."""
    return Buyer(customer.code, customer.kind, tier_on(day or today(), customer.root_id))


def read_facts(
    customer: Customer,
    account: CreditAccount,
    warehouse: Warehouse,
    wanted_on: date,
    quantities: Quantities,
    *,
    own: Order | None = None,
    stock: Callable[[], Iterable[Stock]] | None = None,
) -> Facts:
    """What is judged. Where the rows are held by the caller, it stays true until the transaction ends; else it is what a page shows meanwhile.

    `stock` holds the rows of the stock and gives them. It is asked once all else is read, so that others wait for a product as shortly as may be.
    """
    day, wanted = today(), sorted(quantities)
    products = {row[0]: row for row in _rows(PRODUCTS, [wanted])}
    if len(products) != len(wanted):
        raise OrdersError(_("There is no such product."))
    kept = {line.product_id: line for line in own.lines.all()} if own is not None else {}
    buyer = buyer_of(customer, day)
    offers = offers_on(day, wanted, buyer)
    # Nothing new is promised to a file that was merged, so this only falls. What was paid ahead there is no room here: the database knows one account.
    owed = owed_by(customer, account, day)
    stocks = {row.product_id: row.on_hand for row in (stock() if stock is not None else Stock.objects.filter(product__in=wanted, warehouse=warehouse))}
    supplies, promises, caps = _goods(customer, wanted, warehouse, day, own)
    lines = []
    for pk in wanted:
        line = kept.get(pk)
        _pk, said, ended_on, *packed = products[pk]
        fen: int | None
        if line is not None and line.open:
            fen, name = line.fen, line.price_list
        else:
            winner = explain_price(offers[pk], buyer, quantities[pk]).winner
            fen, name = (winner.fen, winner.list_name) if winner else (None, "")
        lines.append(
            AskedLine(
                product=pk,
                name=said,
                packing=Packing(*packed),
                quantity=quantities[pk],
                fen=fen,
                price_list=name,
                on_hand=stocks.get(pk, 0),
                supplies=supplies[pk],
                promises=promises[pk],
                cap_left=caps.get(pk),
                is_sold=ended_on is None or ended_on > day,
            )
        )
    own_promise = sum(line.open * line.fen for line in kept.values())
    return Facts(
        day,
        wanted_on,
        lines,
        account.limit,
        account.exposure + owed.by_kin - own_promise,
        owed.overdue,
        owed.oldest,
        customer.licence_ends_on,
        customer.ended_on,
    )


def _goods(customer: Customer, products: list[int], warehouse: Warehouse, day: date, own: Order | None) -> tuple[ByDay, ByDay, dict[int, int]]:
    supplies: dict[int, list[tuple[date, int]]] = defaultdict(list)
    promises: dict[int, list[tuple[date, int]]] = defaultdict(list)
    caps: dict[int, int] = {}
    asked = {"customer": customer.pk, "root": customer.root_id, "warehouse": warehouse.pk, "own": own.pk if own is not None else 0}
    for what, product, on, quantity in _rows(GOODS, asked | {"products": products, "day": day, "zone": timezone.get_current_timezone_name()}):
        if what == "cap":
            caps[product] = quantity
        else:
            (supplies if what == "supply" else promises)[product].append((on, quantity))
    return supplies, promises, caps


def _rows(statement: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
