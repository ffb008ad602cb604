"""Booking stock. Every booking is a line of the ledger; the sums follow by trigger. Whoever books several holds the rows of the stock in one order first."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.catalogue.capabilities import KEEP_STOCK
from crm.catalogue.errors import CatalogueError
from crm.catalogue.models import Product, Stock, StockEntry, Supply, Warehouse
from crm.catalogue.models.stock import MOST
from crm.catalogue.policies import FOR_STOREKEEPERS
from portal.access.registry import has_capability
from portal.audit.services import record
from portal.organization.querysets import today

Kind, Bucket = StockEntry.Kind, StockEntry.Bucket
BEGIN = """
    INSERT INTO catalogue_stock (product_id, warehouse_id, on_hand, promised, planned)
    SELECT product_id, warehouse_id, 0, 0, 0 FROM unnest(%s::bigint[], %s::bigint[]) AS wanted (product_id, warehouse_id) ORDER BY 1, 2
    ON CONFLICT DO NOTHING
"""
HOLD = """
    SELECT id, product_id, warehouse_id, on_hand, promised, planned FROM catalogue_stock WHERE product_id = ANY(%s) AND warehouse_id = ANY(%s)
    ORDER BY product_id, warehouse_id FOR NO KEY UPDATE
"""


def lock_stock(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Stock]:
    """The rows of the stock of these products in these warehouses, made where there is none yet, held until the transaction ends, always in one order."""
    wanted = sorted(set(pairs))
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, [[product for product, _place in wanted], [place for _product, place in wanted]])
    products, warehouses = sorted({product for product, _place in wanted}), sorted({place for _product, place in wanted})
    return {(row.product_id, row.warehouse_id): row for row in Stock.objects.raw(HOLD, [products, warehouses])}


@transaction.atomic
def book_receipt(*, actor: Any, product: Product, warehouse: Warehouse, quantity: int, document: str, supply: Supply | None = None) -> None:
    """Goods came in; of a planned supply, as much of it came."""
    _require_storekeeper(actor, quantity)
    stock = lock_stock([(product.pk, warehouse.pk)])[product.pk, warehouse.pk]
    if stock.on_hand + quantity > MOST:
        raise CatalogueError(_("That is more than a warehouse holds. Look at the quantity again."))
    # First the goods, then the plan: at no moment is more promised than there will be.
    _enter(actor, product.pk, warehouse.pk, Bucket.ON_HAND, Kind.RECEIPT, quantity, document=document)
    if supply is not None:
        _take_off(supply, product, warehouse, quantity, actor)
    _note(actor, product, warehouse, Kind.RECEIPT, quantity, document)


@transaction.atomic
def book_issue(*, actor: Any, product: Product, warehouse: Warehouse, quantity: int, reason: str, document: str = "") -> None:
    """Goods left otherwise than by an order: samples, spoilt ones. What is promised stays."""
    _require_storekeeper(actor, quantity)
    _require_reason(reason)
    stock = lock_stock([(product.pk, warehouse.pk)])[product.pk, warehouse.pk]
    _require_left(stock, quantity, product, warehouse)
    _enter(actor, product.pk, warehouse.pk, Bucket.ON_HAND, Kind.ISSUE, -quantity, document=document, reason=reason)
    _note(actor, product, warehouse, Kind.ISSUE, quantity, reason)


@transaction.atomic
def book_count(*, actor: Any, product: Product, warehouse: Warehouse, counted: int, reason: str) -> int:
    """What was counted; the difference is an entry. Returns it."""
    if not has_capability(actor, KEEP_STOCK):
        raise CatalogueError(str(FOR_STOREKEEPERS))
    _require_reason(reason)
    stock = lock_stock([(product.pk, warehouse.pk)])[product.pk, warehouse.pk]
    difference = counted - stock.on_hand
    if difference < 0:
        _require_left(stock, -difference, product, warehouse)
    if difference:
        _enter(actor, product.pk, warehouse.pk, Bucket.ON_HAND, Kind.COUNT, difference, reason=reason)
        _note(actor, product, warehouse, Kind.COUNT, difference, reason)
    return difference


@transaction.atomic
def book_transfer(*, actor: Any, product: Product, warehouse: Warehouse, to: Warehouse, quantity: int, document: str = "") -> None:
    """From one warehouse into another, both at once."""
    _require_storekeeper(actor, quantity)
    if warehouse.pk == to.pk:
        raise CatalogueError(_("It is in this warehouse already. Choose another one."))
    stocks = lock_stock([(product.pk, warehouse.pk), (product.pk, to.pk)])
    _require_left(stocks[product.pk, warehouse.pk], quantity, product, warehouse)
    _enter(actor, product.pk, warehouse.pk, Bucket.ON_HAND, Kind.TRANSFER, -quantity, document=document, reason=to.name)
    _enter(actor, product.pk, to.pk, Bucket.ON_HAND, Kind.TRANSFER, quantity, document=document, reason=warehouse.name)
    _note(actor, product, warehouse, Kind.TRANSFER, quantity, to.name)


@transaction.atomic
def plan_supply(*, actor: Any, product: Product, warehouse: Warehouse, day: date, quantity: int, source: str = "") -> Supply:
    """What is to come in on a day; orders may be promised of it."""
    _require_storekeeper(actor, quantity)
    if day < today():
        raise CatalogueError(_("What is planned comes today or later."))
    lock_stock([(product.pk, warehouse.pk)])
    supply = Supply.objects.create(product=product, warehouse=warehouse, day=day, quantity=quantity, source=source)
    _enter(actor, product.pk, warehouse.pk, Bucket.PLANNED, Kind.SUPPLY, quantity, document=source)
    record(actor, "supply.planned", product, after={"day": day.isoformat(), "quantity": quantity, "warehouse": warehouse.name})
    return supply


@transaction.atomic
def end_supply(supply: Supply, *, actor: Any) -> None:
    """The rest will not come. Refused where orders were promised of it: change those first."""
    if not has_capability(actor, KEEP_STOCK):
        raise CatalogueError(str(FOR_STOREKEEPERS))
    stock = lock_stock([(supply.product_id, supply.warehouse_id)])[supply.product_id, supply.warehouse_id]
    held = Supply.objects.select_for_update().get(pk=supply.pk)
    rest = held.open
    if not rest:
        raise CatalogueError(_("All of it came already, or it was ended."))
    if stock.promised > stock.on_hand + stock.planned - rest:
        short = stock.promised - stock.on_hand - stock.planned + rest
        raise CatalogueError(
            _("%(number)s of it are promised to orders. Change or cancel those first, or plan another supply.") % {"number": held.product.packing.said(short)}
        )
    Supply.objects.filter(pk=held.pk).update(ended_at=timezone.now())
    _enter(actor, held.product_id, held.warehouse_id, Bucket.PLANNED, Kind.SUPPLY, -rest, document=held.source)
    record(actor, "supply.ended", held.product, after={"day": held.day.isoformat(), "quantity": rest})


def promise(entries: Sequence[tuple[int, int, int]], *, actor: Any, document: str) -> None:
    """For orders, which hold the rows already: (product, warehouse, by how much more or less is promised)."""
    _enter_many([_entry(actor, *one, Bucket.PROMISED, Kind.ORDER, document=document) for one in entries if one[2]])


def deliver(entries: Sequence[tuple[int, int, int]], *, actor: Any, document: str) -> None:
    """For orders, which hold the rows already: what was promised leaves the warehouse."""
    buckets = (Bucket.PROMISED, Bucket.ON_HAND)  # in this order: at no moment is more promised than there is
    _enter_many([_entry(actor, product, place, -quantity, one, Kind.DELIVERY, document=document) for product, place, quantity in entries for one in buckets])


def take_back(entries: Sequence[tuple[int, int, int]], *, actor: Any, document: str, reason: str) -> None:
    """For orders, which hold the rows already: goods come back into the warehouse."""
    _enter_many([_entry(actor, *one, Bucket.ON_HAND, Kind.RETURN, document=document, reason=reason) for one in entries])


def _enter(actor: Any, product: int, warehouse: int, bucket: str, kind: str, quantity: int, *, document: str = "", reason: str = "") -> None:
    _enter_many([_entry(actor, product, warehouse, quantity, bucket, kind, document=document, reason=reason)])


def _entry(actor: Any, product: int, warehouse: int, quantity: int, bucket: str, kind: str, *, document: str = "", reason: str = "") -> StockEntry:
    return StockEntry(
        product_id=product, warehouse_id=warehouse, bucket=bucket, kind=kind, quantity=quantity, document=document[:60], reason=reason[:200], actor=actor
    )


def _enter_many(entries: Sequence[StockEntry]) -> None:
    """By one statement; the trigger counts row by row, in this order."""
    StockEntry.objects.bulk_create(entries)


def _take_off(supply: Supply, product: Product, warehouse: Warehouse, quantity: int, actor: Any) -> None:
    held = Supply.objects.select_for_update().get(pk=supply.pk)
    if (held.product_id, held.warehouse_id) != (product.pk, warehouse.pk):
        raise CatalogueError(_("This supply is of another product or for another warehouse."))
    if quantity > held.open:
        raise CatalogueError(_("Only %(number)s of this supply are still to come.") % {"number": product.packing.said(held.open)})
    is_all = quantity == held.open
    Supply.objects.filter(pk=held.pk).update(came=held.came + quantity, ended_at=timezone.now() if is_all else None)
    _enter(actor, product.pk, warehouse.pk, Bucket.PLANNED, Kind.SUPPLY, -quantity, document=held.source)


def _require_left(stock: Stock, quantity: int, product: Product, warehouse: Warehouse) -> None:
    words = {"warehouse": warehouse.name, "product": product.name, "number": product.packing.said(stock.on_hand)}
    if quantity > stock.on_hand:
        raise CatalogueError(_("There are only %(number)s of %(product)s in %(warehouse)s.") % words)
    short = stock.promised - (stock.on_hand - quantity + stock.planned)
    if short > 0:
        words["short"] = product.packing.said(short)
        raise CatalogueError(_("%(short)s of %(product)s in %(warehouse)s are promised to orders. Change or cancel those first.") % words)


def _require_storekeeper(actor: Any, quantity: int) -> None:
    if not has_capability(actor, KEEP_STOCK):
        raise CatalogueError(str(FOR_STOREKEEPERS))
    if quantity < 1 or quantity > MOST:
        raise CatalogueError(_("Write a quantity above nought."))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise CatalogueError(_("Say why."))


def _note(actor: Any, product: Product, warehouse: Warehouse, kind: str, quantity: int, words: str) -> None:
    record(actor, "stock.booked", product, after={"kind": str(kind), "quantity": quantity, "warehouse": warehouse.name, "words": words[:200]})
