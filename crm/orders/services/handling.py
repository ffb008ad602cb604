"""What was delivered and what came back. What has left the gate can always be delivered and billed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.catalogue.services.stock import deliver, lock_stock, take_back
from crm.orders.errors import OrdersError
from crm.orders.handled import tell_handled
from crm.orders.models import CreditEntry, Handling, HandlingLine, Order, OrderLine, Payment, Receivable
from crm.orders.policies import FOR_DELIVERY
from crm.orders.services.accounts import settle, use_advances
from crm.orders.services.gate import enter_all, lock_account, settle_state, within_time
from portal.access.policies import can
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.organization.querysets import today

# What was moved of each line, by one statement for all of them.
COUNT = """
    UPDATE orders_orderline AS line SET {column} = {column} + moved.quantity
    FROM unnest(%s::bigint[], %s::bigint[]) AS moved (id, quantity) WHERE line.id = moved.id
"""
DELIVERED, RETURNED = COUNT.format(column="delivered"), COUNT.format(column="returned")


def deliver_order(order: Order, *, actor: Any, quantities: Mapping[int, int], key: UUID, at: datetime | None = None) -> Handling:
    """By line. The promise becomes a receivable, due by the customer's term; what was paid ahead settles it. `at`: when it left, where that is booked later."""
    with within_time():
        held, lines, earlier = _lock(order, actor, key)
        if earlier is not None:
            return earlier
        account = lock_account(held.customer_id)
        stocks = lock_stock((line.product_id, held.warehouse_id) for line in lines.values())
        moved = _moved(lines, quantities)
        for line, quantity in moved:
            if quantity > line.open:
                words = {"product": line.product.name, "left": line.product.packing.said(line.open)}
                raise OrdersError(_("Only %(left)s of %(product)s are still to be delivered.") % words)
            there = stocks[line.product_id, held.warehouse_id].on_hand
            if quantity > there:
                raise OrdersError(
                    _("There are only %(number)s of %(product)s in %(warehouse)s.")
                    % {"number": line.product.packing.said(there), "product": line.product.name, "warehouse": held.warehouse.name}
                )
            line.delivered += quantity
        _count(DELIVERED, moved)
        handling = _handle(held, Handling.Kind.DELIVERY, moved, actor, key, at=at)
        left_on = timezone.localdate(handling.at)
        deliver([(line.product_id, held.warehouse_id, quantity) for line, quantity in moved], actor=actor, document=held.number)
        enter_all(account, [(CreditEntry.Bucket.PROMISED, -handling.fen), (CreditEntry.Bucket.OWED, handling.fen)], held.number, actor)
        Receivable.objects.create(
            account=account, order=held, handling=handling, fen=handling.fen, booked_on=left_on, due_on=left_on + timedelta(days=account.term_days)
        )
        if account.advance:
            use_advances(account, actor)
        settle_state(held, list(lines.values()))
        held.save(update_fields=["state"])
        record(actor, "order.delivered", held, after={"sum": handling.fen})
        return handling


def return_goods(order: Order, *, actor: Any, quantities: Mapping[int, int], reason: str, key: UUID) -> Handling:
    """By line, back into the warehouse of the order. A credit note settles what is owed of this order first, then the oldest; the rest is paid ahead."""
    with within_time():
        held, lines, earlier = _lock(order, actor, key)
        if earlier is not None:
            return earlier
        if not reason.strip():
            raise OrdersError(_("Say why."))
        account = lock_account(held.customer_id)
        lock_stock((line.product_id, held.warehouse_id) for line in lines.values())
        moved = _moved(lines, quantities)
        for line, quantity in moved:
            if quantity > line.delivered - line.returned:
                words = {"product": line.product.name, "left": line.product.packing.said(line.delivered - line.returned)}
                raise OrdersError(_("Only %(left)s of %(product)s were delivered by this order and are still there.") % words)
            line.returned += quantity
        _count(RETURNED, moved)
        handling = _handle(held, Handling.Kind.RETURN, moved, actor, key, reason)
        take_back([(line.product_id, held.warehouse_id, quantity) for line, quantity in moved], actor=actor, document=held.number, reason=reason)
        note = Payment.objects.create(
            account=account, kind=Payment.Kind.NOTE, fen=handling.fen, unused=handling.fen, came_on=today(), reference=held.number, actor=actor, key=key
        )
        settle(note, account, actor, first=held)
        record(actor, "order.returned", held, after={"sum": handling.fen}, reason=reason)
        return handling


def _lock(order: Order, actor: Any, key: UUID) -> tuple[Order, dict[int, OrderLine], Handling | None]:
    held = lock_row(Order.objects.all(), order.pk, no_key=True)
    if not can(actor, "deliver", held):
        raise OrdersError(str(FOR_DELIVERY))
    return held, {line.pk: line for line in held.lines.all()}, Handling.objects.filter(key=key, order=held).first()


def _moved(lines: Mapping[int, OrderLine], quantities: Mapping[int, int]) -> list[tuple[OrderLine, int]]:
    if any(pk not in lines or quantity < 0 for pk, quantity in quantities.items()):
        raise OrdersError(_("There is no such line in this order."))
    moved = [(lines[pk], quantity) for pk, quantity in sorted(quantities.items()) if quantity]
    if not moved:
        raise OrdersError(_("Write at least one quantity."))
    return moved


def _count(statement: str, moved: list[tuple[OrderLine, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [[line.pk for line, _quantity in moved], [quantity for _line, quantity in moved]])


def _handle(order: Order, kind: str, moved: list[tuple[OrderLine, int]], actor: Any, key: UUID, reason: str = "", at: datetime | None = None) -> Handling:
    fen = sum(line.fen * quantity for line, quantity in moved)
    handling = Handling.objects.create(order=order, kind=kind, fen=fen, reason=reason.strip()[:200], actor=actor, key=key, at=at or timezone.now())
    tell_handled(handling, HandlingLine.objects.bulk_create([HandlingLine(handling=handling, line=line, quantity=quantity) for line, quantity in moved]))
    return handling
