"""The gate. In one transaction: lock the order, the account, the stock; read what follows from them; judge all five parts; write, or write nothing."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from crm.catalogue.models import Warehouse
from crm.catalogue.services.stock import lock_stock, promise
from crm.customers.models import Customer
from crm.orders.errors import OrdersError, RefusedError
from crm.orders.judging import AskedLine, Facts, Needs, Verdict, judge
from crm.orders.models import CreditAccount, CreditEntry, Order, OrderLine, Release
from crm.orders.models.orders import LONGEST_REASON, MOST_QUANTITY
from crm.orders.policies import NOT_YOURS, may_order_for
from crm.orders.services.facts import Quantities, read_facts
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.querysets import today

NUMBERS = NumberSeries("crm.order", "D{year}{number:06}")
MOST_LINES = 200


@contextmanager
def within_time() -> Iterator[None]:
    """A transaction that waits three seconds for a lock and then says so."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '3s'")
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise OrdersError(_("Too many are ordering at this moment. Nothing was written; send it again.")) from error
        raise


def lock_account(customer_id: int) -> CreditAccount:
    """The account, made where there is none yet, held until the transaction ends. Whoever writes what an account says takes it first."""
    rows = CreditAccount.objects.select_for_update(no_key=True)
    if (account := rows.filter(customer=customer_id).order_by().first()) is not None:
        return account
    CreditAccount.objects.bulk_create([CreditAccount(customer_id=customer_id)], ignore_conflicts=True)
    return rows.get(customer=customer_id)


def preview(customer: Customer, warehouse: Warehouse, wanted_on: date, quantities: Quantities) -> tuple[Verdict, Facts]:
    """What the gate would say now; nothing is held and nothing written."""
    account = CreditAccount.objects.filter(customer=customer).first() or CreditAccount(customer=customer)
    facts = read_facts(customer, account, warehouse, wanted_on, quantities)
    return judge(facts), facts


def place_order(
    *,
    actor: Any,
    customer: Customer,
    warehouse: Warehouse,
    wanted_on: date,
    quantities: Quantities,
    key: UUID,
    remark: str = "",
    release: Release | None = None,
) -> Order:
    """Confirm an order, or refuse with the verdict. The same key twice is one order with the same answer; with other words it is refused.

    An approved release lets through this order alone, as it was asked, and as much as its paper said.
    """
    digest = digest_of(customer, warehouse, wanted_on, quantities, remark)
    with within_time():
        if not may_order_for(actor, customer):
            raise OrdersError(str(NOT_YOURS))
        _check(quantities)
        held = lock_row(Customer.objects.all(), customer.pk, no_key=True)
        account = lock_account(customer.pk)
        if (earlier := Order.objects.filter(key=key).first()) is not None:
            if earlier.digest != digest:
                raise OrdersError(_("This was already sent with other words, as order %(number)s. Begin a new order.") % {"number": earlier.number})
            return earlier
        _refuse_merged(held)
        places = [(product, warehouse.pk) for product in quantities]
        facts = read_facts(held, account, warehouse, wanted_on, quantities, stock=lambda: lock_stock(places).values())
        let = lock_release(release, digest) if release is not None else None
        needs = Needs.from_json(let.needs) if let is not None else Needs()
        verdict = judge(facts.eased(needs))
        if not verdict.passes:
            raise RefusedError(verdict.said(), verdict)
        if let is not None:
            raise_limit(account, verdict.total, let)
        year = today().year
        order = Order.objects.create(
            number=NUMBERS.write(issue_number(NUMBERS, year=year), year=year),
            customer=held,
            warehouse=warehouse,
            wanted_on=wanted_on,
            total=verdict.total,
            remark=remark[:200],
            placed_by=actor,
            key=key,
            digest=digest,
            verdict=verdict.as_json() | {"room": facts.limit - facts.exposure, "released": needs.parts},
        )
        if let is not None:
            Release.objects.filter(pk=let.pk).update(order=order, state=Release.State.USED, hindrance="")
        OrderLine.objects.bulk_create([_line(order, one, wanted_on) for one in facts.lines])
        promise([(one.product, warehouse.pk, one.quantity) for one in facts.lines], actor=actor, document=order.number)
        enter(account, CreditEntry.Bucket.PROMISED, verdict.total, order.number, actor)
        record(actor, "order.confirmed", order, after={"customer": held.name, "total": verdict.total})
        return order


def change_order(order: Order, *, actor: Any, quantities: Quantities, wanted_on: date, reason: str = "") -> Order:
    """`quantities` are what is still to be delivered, by product; what is not named is cancelled. Whatever is more, or earlier, passes the gate again."""
    with within_time():
        held, account = lock_order(order, actor)
        if any(quantity < 0 for quantity in quantities.values()):
            raise OrdersError(_("Write a quantity above nought."))
        wanted = {product: quantity for product, quantity in quantities.items() if quantity}
        lines = {line.product_id: line for line in held.lines.all()}
        stocks = lock_stock((product, held.warehouse_id) for product in {*wanted, *lines})
        if wanted:
            _check(wanted)
            facts = read_facts(held.customer, account, held.warehouse, wanted_on, wanted, own=held, stock=stocks.values)
            grows = wanted_on < held.wanted_on or any(quantity > (lines[one].open if one in lines else 0) for one, quantity in wanted.items())
            verdict = judge(facts)
            if grows:
                _refuse_merged(held.customer)
                if not verdict.passes:
                    raise RefusedError(verdict.said(), verdict)
            asked = {one.product: one for one in facts.lines}
        else:
            asked = {}
        before = sum(line.open * line.fen for line in lines.values())
        moves = []
        for product in sorted({*wanted, *lines}):
            line, quantity = lines.get(product), wanted.get(product, 0)
            difference = quantity - (line.open if line else 0)
            if line is None:
                lines[product] = line = _line(held, asked[product], wanted_on)
            elif difference > 0:
                line.quantity += difference
                line.fen = asked[product].fen or line.fen
            else:
                line.cancelled -= difference
            line.promised_on = wanted_on if line.open else line.promised_on
            line.save()
            moves.append((product, held.warehouse_id, difference))
        held.wanted_on, held.total = wanted_on, sum((line.quantity - line.cancelled) * line.fen for line in lines.values())
        settle_state(held, list(lines.values()))
        held.cancelled_because = "" if wanted else reason.strip()[:LONGEST_REASON]
        held.save()
        promise(moves, actor=actor, document=held.number)
        enter(account, CreditEntry.Bucket.PROMISED, sum(line.open * line.fen for line in lines.values()) - before, held.number, actor)
        after = {"total": held.total, "wanted_on": wanted_on.isoformat()}
        record(actor, "order.changed" if wanted else "order.cancelled", held, after=after, reason=held.cancelled_because)
        return held


def cancel_order(order: Order, *, actor: Any, reason: str = "") -> Order:
    """What was not delivered is given up; stock and credit are free at once."""
    return change_order(order, actor=actor, quantities={}, wanted_on=order.wanted_on, reason=reason)


def lock_order(order: Order, actor: Any) -> tuple[Order, CreditAccount]:
    held = lock_row(Order.objects.select_related("warehouse"), order.pk, no_key=True)
    held.customer = lock_row(Customer.objects.select_related("portfolio", "root"), held.customer_id, no_key=True)
    if not may_order_for(actor, held.customer):
        raise OrdersError(str(NOT_YOURS))
    if not held.is_open:
        raise OrdersError(_("Nothing of this order is open any more."))
    return held, lock_account(held.customer_id)


def _refuse_merged(held: Customer) -> None:
    """What a merged file owes counts for the one into which it went, unlocked: so it only falls."""
    if held.is_merged:
        words = {"name": held.root.name, "code": held.root.code}
        raise OrdersError(_("This file was merged into %(name)s (%(code)s). Take the order there.") % words)


def enter(account: CreditAccount, bucket: str, fen: int, document: str, actor: Any) -> None:
    """A line of the credit ledger; its trigger keeps the sums."""
    enter_all(account, [(bucket, fen)], document, actor)


def enter_all(account: CreditAccount, sums: Iterable[tuple[str, int]], document: str, actor: Any) -> None:
    """Lines of the credit ledger by one statement; the trigger counts them in this order."""
    entries = [CreditEntry(account=account, bucket=bucket, fen=fen, document=document[:60], actor=actor) for bucket, fen in sums if fen]
    CreditEntry.objects.bulk_create(entries)


def settle_state(order: Order, lines: list[OrderLine]) -> None:
    delivered = any(line.delivered for line in lines)
    if any(line.open for line in lines):
        order.state = Order.State.PARTLY if delivered else Order.State.CONFIRMED
    else:
        order.state = Order.State.DELIVERED if delivered else Order.State.CANCELLED


def _line(order: Order, asked: AskedLine, wanted_on: date) -> OrderLine:
    return OrderLine(order=order, product_id=asked.product, quantity=asked.quantity, fen=asked.fen or 0, price_list=asked.price_list, promised_on=wanted_on)


def _check(quantities: Quantities) -> None:
    if not quantities:
        raise OrdersError(_("Write at least one quantity."))
    if len(quantities) > MOST_LINES:
        raise OrdersError(_("No more than %(number)s products in one order. Make two of it.") % {"number": MOST_LINES})
    if any(quantity < 1 or quantity > MOST_QUANTITY for quantity in quantities.values()):
        raise OrdersError(_("Write whole quantities above nought and below ten million."))


def lock_release(release: Release, digest: str) -> Release:
    """The release, held. Refuses one that is not approved, has ended, was used, or is of another order."""
    held = lock_row(Release.objects.all(), release.pk, no_key=True)
    if held.state != Release.State.APPROVED or held.valid_until is None:
        raise OrdersError(_("This order is not released."))
    if held.valid_until < today():
        raise OrdersError(_("The release ended on %(day)s. Ask for it again.") % {"day": held.valid_until.isoformat()})
    if held.digest != digest:
        raise OrdersError(_("The order is not the one that was released. What was changed has to be released again."))
    return held


def raise_limit(account: CreditAccount, fen: int, release: Release) -> None:
    """Let the database's own rule pass as much as this order takes, until the release ends; no other order is judged by it."""
    if release.valid_until is not None and account.exposure + fen > account.limit:
        until = timezone.make_aware(datetime.combine(release.valid_until + timedelta(days=1), time.min))
        CreditAccount.objects.filter(pk=account.pk).update(raised=account.exposure + fen, raised_until=until)


def digest_of(customer: Customer, warehouse: Warehouse, wanted_on: date, quantities: Quantities, remark: str) -> str:
    text = f"{customer.pk} {warehouse.pk} {wanted_on.isoformat()} {sorted(quantities.items())} {remark}"
    return hashlib.sha256(text.encode()).hexdigest()
