"""Quotations: priced by the price lists, sent and then frozen, written anew as the next version, ordered through the gate at exactly what was quoted."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.catalogue.models import Product, Warehouse
from crm.catalogue.prices import explain_price, offers_on
from crm.catalogue.units import say_yuan
from crm.customers.errors import CustomersError
from crm.customers.models import Customer
from crm.customers.services.customers import lock_customer
from crm.orders.models import Order
from crm.orders.models.orders import MOST_QUANTITY
from crm.orders.services.facts import buyer_of
from crm.orders.services.gate import place_order
from crm.sales.errors import SalesError
from crm.sales.models import Opportunity, Quotation, QuotationLine, QuotationVersion
from portal.access.policies import decide
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.numbers.series import NumberSeries
from portal.numbers.services import issue_number
from portal.organization.querysets import today
from portal.search.services import touch

NUMBERS = NumberSeries("crm.quotation", "B{year}{number:05}")
MOST_LINES = 200
LONGEST_VALID = 366
Quantities = Mapping[int, int]


@transaction.atomic
def begin_quotation(*, actor: Any, customer: Customer, quantities: Quantities, valid_through: date, opportunity: Opportunity | None = None) -> Quotation:
    """Its first version, as a draft."""
    try:
        held = lock_customer(customer, actor=actor)
    except CustomersError as error:
        raise SalesError(str(error)) from error
    if opportunity is not None and opportunity.customer.root_id != held.pk:
        raise SalesError(_("This opportunity is at another customer."))
    _check(quantities, valid_through)
    lines = _priced(held, quantities)
    year = today().year
    made = Quotation.objects.create(
        number=NUMBERS.write(issue_number(NUMBERS, year=year), year=year),
        customer=held,
        opportunity=opportunity,
        total=_total(lines),
        valid_through=valid_through,
        author=actor,
    )
    _write(QuotationVersion(quotation=made, number=1, author=actor), lines, valid_through)
    touch(Quotation, [made.pk])
    record(actor, "quotation.begun", made, after={"customer": held.name, "total": made.total})
    return made


@transaction.atomic
def write_quotation(quotation: Quotation, *, actor: Any, quantities: Quantities, valid_through: date, reason: str = "") -> Quotation:
    """The draft anew; where the newest version was sent, the next one, which says why."""
    held = lock_quotation(quotation, actor)
    _check(quantities, valid_through)
    newest = held.versions.first()
    assert newest is not None
    if newest.sent_at is None:
        newest.lines.all().delete()
        newest.reason = reason.strip() or newest.reason
    else:
        if not reason.strip():
            raise SalesError(_("Version %(number)s was sent. Say why there is a new one.") % {"number": newest.number})
        newest = QuotationVersion(quotation=held, number=newest.number + 1, author=actor, reason=reason.strip())
    lines = _priced(held.customer.root, quantities)
    _write(newest, lines, valid_through)
    held.version, held.total, held.valid_through, held.state = newest.number, newest.total, valid_through, Quotation.State.DRAFT
    held.save()
    record(actor, "quotation.written", held, after={"version": newest.number, "total": newest.total}, reason=reason)
    return held


@transaction.atomic
def send_quotation(quotation: Quotation, *, actor: Any) -> Quotation:
    """From now on this version does not change. Refused where it is no longer valid, or a price has changed since it was written."""
    held = lock_quotation(quotation, actor)
    draft = held.versions.filter(sent_at__isnull=True).first()
    if draft is None:
        raise SalesError(_("Version %(number)s was sent already.") % {"number": held.version})
    _refuse_past(draft.valid_through)
    _refuse_other_prices(draft, _priced(held.customer.root, {line.product_id: line.quantity for line in draft.lines.all()}))
    draft.sent_at = timezone.now()
    draft.save()
    held.state = Quotation.State.SENT
    held.save()
    record(actor, "quotation.sent", held, after={"version": draft.number, "total": draft.total})
    return held


@transaction.atomic
def decline_quotation(quotation: Quotation, *, actor: Any, reason: str) -> Quotation:
    """The customer does not want it."""
    held = lock_quotation(quotation, actor)
    held.state, held.declined_because = Quotation.State.DECLINED, reason.strip()
    held.save()
    record(actor, "quotation.declined", held, reason=reason)
    return held


@transaction.atomic
def order_quotation(quotation: Quotation, *, actor: Any, warehouse: Warehouse, wanted_on: date, key: UUID) -> Order:
    """Through the gate, at what was quoted: where today's prices are others, nothing is ordered. The same key twice is one order."""
    held = lock_quotation(quotation, actor, key=key)
    if held.order is not None:
        return held.order
    sent = held.versions.first()
    if sent is None or sent.sent_at is None:
        raise SalesError(_("Send the quotation first: a draft is not ordered."))
    if sent.valid_through < today():
        words = {"day": f"{sent.valid_through:%Y-%m-%d}"}
        raise SalesError(_("It was valid through %(day)s. Write a new version.") % words)
    quantities = {line.product_id: line.quantity for line in sent.lines.all()}
    where: dict[str, Any] = {"warehouse": warehouse, "wanted_on": wanted_on, "remark": f"{held.number} V{sent.number}"}
    order = place_order(actor=actor, customer=held.customer.root, quantities=quantities, key=key, **where)
    _refuse_other_prices(sent, list(order.lines.all()))
    held.state, held.order = Quotation.State.ORDERED, order
    held.save()
    record(actor, "quotation.ordered", held, after={"order": order.number})
    return order


def lock_quotation(quotation: Quotation, actor: Any, *, key: UUID | None = None) -> Quotation:
    """The row, held until the transaction ends, for who may write it. What was ordered with this very key is given back."""
    held = lock_row(Quotation.objects.select_related("customer__root__portfolio", "order"), quotation.pk, no_key=True)
    decision = decide(actor, "change", held)
    if not decision:
        raise SalesError(str(decision.rule))
    if held.order is not None and held.order.key == key:
        return held
    if held.order is not None:
        raise SalesError(_("It was ordered already, as %(number)s.") % {"number": held.order.number})
    if held.state == Quotation.State.DECLINED:
        raise SalesError(_("The customer declined it. Begin a new quotation."))
    return held


def _priced(customer: Customer, quantities: Quantities) -> list[QuotationLine]:
    """The lines at the price that wins for this customer and quantity today."""
    products = {product.pk: product for product in Product.objects.filter(pk__in=quantities)}
    if len(products) != len(quantities):
        raise SalesError(_("There is no such product."))
    offers, lines = offers_on(today(), list(products), buyer_of(customer)), []
    for pk, quantity in sorted(quantities.items()):
        ended_on = products[pk].ended_on
        if ended_on is not None and ended_on <= today():
            raise SalesError(_("%(product)s is no longer sold.") % {"product": products[pk].name})
        winner = explain_price(offers[pk], buyer_of(customer), quantity).winner
        if winner is None:
            raise SalesError(_("%(product)s has no price for this customer. Ask those who keep the price lists.") % {"product": products[pk].name})
        lines.append(QuotationLine(product=products[pk], quantity=quantity, fen=winner.fen, price_list=winner.list_name))
    return lines


def _refuse_other_prices(version: QuotationVersion, now: list[Any]) -> None:
    prices = {line.product_id: line.fen for line in now}
    for line in version.lines.select_related("product"):
        if prices.get(line.product_id) != line.fen:
            words = {"product": line.product.name, "quoted": say_yuan(line.fen), "now": say_yuan(prices.get(line.product_id) or 0)}
            raise SalesError(_("%(product)s was quoted at %(quoted)s and costs %(now)s today. Write the quotation anew.") % words)


def _write(version: QuotationVersion, lines: list[QuotationLine], valid_through: date) -> None:
    version.valid_through, version.total = valid_through, _total(lines)
    version.save()
    for line in lines:
        line.version = version
    QuotationLine.objects.bulk_create(lines)


def _total(lines: list[QuotationLine]) -> int:
    return sum(line.quantity * line.fen for line in lines)


def _check(quantities: Quantities, valid_through: date) -> None:
    if not quantities:
        raise SalesError(_("Write at least one quantity."))
    if len(quantities) > MOST_LINES:
        raise SalesError(_("No more than %(number)s products in one quotation.") % {"number": MOST_LINES})
    if any(quantity < 1 or quantity > MOST_QUANTITY for quantity in quantities.values()):
        raise SalesError(_("Write whole quantities above nought and below ten million."))
    _refuse_past(valid_through)
    if (valid_through - today()).days > LONGEST_VALID:
        raise SalesError(_("%(day)s is more than a year from now. Prices do not hold that long.") % {"day": f"{valid_through:%Y-%m-%d}"})


def _refuse_past(day: date) -> None:
    if day < today():
        raise SalesError(_("Valid through %(day)s is past: nobody could order by it. Write today or a later day.") % {"day": f"{day:%Y-%m-%d}"})
