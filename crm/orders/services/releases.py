"""Orders let through by a paper: asked with what exactly is to be released, then judged again by the gate with just that."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from crm.catalogue.models import Product, Warehouse
from crm.catalogue.units import say_yuan
from crm.customers.models import Customer
from crm.orders.errors import OrdersError, RefusedError
from crm.orders.judging import Needs, needs_of
from crm.orders.models import Order, Release
from crm.orders.notifications import HINDERED, NOT_RELEASED, RELEASED
from crm.orders.papers import CODE
from crm.orders.policies import NOT_YOURS, may_order_for
from crm.orders.services.gate import Quantities, digest_of, place_order, preview
from portal.approvals.definitions.forms import digest
from portal.approvals.errors import PaperError
from portal.approvals.models import Paper, PaperKind
from portal.approvals.services.submitting import begin_paper, submit_paper
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today

ENDED = "orders.release_ended"
VALID_FOR = timedelta(days=7)
MOST_REASON = 400


@transaction.atomic
def ask_release(
    *, actor: Any, customer: Customer, warehouse: Warehouse, wanted_on: date, quantities: Quantities, key: UUID, reason: str, remark: str = ""
) -> Release:
    """Begin and submit the paper for an order that would pass with a release. The same key twice is one paper."""
    if not may_order_for(actor, customer):
        raise OrdersError(str(NOT_YOURS))
    signed = digest_of(customer, warehouse, wanted_on, quantities, remark)
    if (earlier := Release.objects.filter(key=key).first()) is not None:
        if earlier.digest != signed:
            raise OrdersError(_("This was already sent with other words. Begin a new order."))
        return earlier
    if not reason.strip():
        raise OrdersError(_("Say why it should be released."))
    verdict, facts = preview(customer, warehouse, wanted_on, quantities)
    if verdict.passes:
        raise OrdersError(_("It passes without a release. Confirm it."))
    needs = needs_of(facts)
    if needs is None:
        raise RefusedError(verdict.said(), verdict)
    kind = PaperKind.objects.filter(code=CODE).first()
    if kind is None:
        raise OrdersError(_("The plant has no paper for releases. Tell those who keep the kinds of papers."))
    products = {line.product: line for line in facts.lines}
    values = {
        "title": _("Release of an order: %(customer)s, %(sum)s") % {"customer": customer.name[:60], "sum": say_yuan(verdict.total)},
        "customer": f"{customer.name} ({customer.code})",
        "order": "\n".join(f"{line.name}: {line.packing.said(line.quantity)} × {say_yuan(line.fen or 0)}" for line in facts.lines),
        "total": _money(verdict.total),
        "parts": "\n".join(said_needs(needs, {pk: (line.name, line.packing) for pk, line in products.items()})),
        "reason": reason.strip()[:MOST_REASON],
    }
    values |= {name: _money(fen) for name, fen in (("credit", needs.credit), ("overdue", needs.overdue)) if fen}
    try:
        paper = submit_paper(begin_paper(kind, actor=actor, values=values), actor=actor, values=values)
    except PaperError as error:
        raise OrdersError(str(error)) from error
    assert paper.content is not None
    made = Release.objects.create(
        paper=paper,
        customer=customer,
        warehouse=warehouse,
        wanted_on=wanted_on,
        quantities={str(product): quantity for product, quantity in quantities.items()},
        remark=remark[:200],
        total=verdict.total,
        needs=needs.as_json(),
        reason=reason.strip()[:MOST_REASON],
        asked_by=actor,
        key=key,
        digest=signed,
        said=digest(paper.content.values),
    )
    record(actor, "release.asked", made, after={"paper": paper.number, "total": verdict.total, "needs": made.needs})
    return made


@transaction.atomic
def settle_release(paper_id: int) -> Release | None:
    """What a decision on the paper means. Done again it does nothing; a paper that was written by hand releases no order."""
    found = Release.objects.filter(paper=paper_id).first()
    if found is None:
        return None
    held = lock_row(Release.objects.select_related("paper__content", "customer", "warehouse", "asked_by"), found.pk, no_key=True)
    if held.paper.state not in (Paper.State.APPROVED, Paper.State.REFUSED, Paper.State.WITHDRAWN, Paper.State.VOID):
        return held  # its last decision was taken back meanwhile
    approved = held.paper.state == Paper.State.APPROVED and held.paper.content is not None and digest(held.paper.content.values) == held.said
    if held.state == Release.State.ASKED and approved:
        held.state, held.valid_until = Release.State.APPROVED, today() + VALID_FOR
        held.save(update_fields=["state", "valid_until"])
        record(None, "release.approved", held, after={"until": held.valid_until.isoformat()})
        _confirm_at_once(held)
    elif held.state in (Release.State.ASKED, Release.State.APPROVED) and not approved:
        held.state = Release.State.REFUSED
        if held.paper.state == Paper.State.APPROVED:
            held.hindrance = _("The paper was changed on its way and does not say what was asked for this order.")
        held.save(update_fields=["state", "hindrance"])
        record(None, "release.refused", held)
        notify(NOT_RELEASED, words={"customer": held.customer.name}, about=held, recipients=[held.asked_by_id], url=held.get_absolute_url())
    return held


def confirm_release(release: Release, *, actor: Any) -> Order:
    """Pass the gate again with the release, for whoever may order for the customer."""
    return place_order(
        actor=actor,
        customer=release.customer,
        warehouse=release.warehouse,
        wanted_on=release.wanted_on,
        quantities=release.amounts,
        key=release.key,
        remark=release.remark,
        release=release,
    )


def _confirm_at_once(held: Release) -> None:
    words = {"customer": held.customer.name}
    try:
        with transaction.atomic():
            order = confirm_release(held, actor=held.asked_by)
    except OrdersError as error:
        Release.objects.filter(pk=held.pk).update(hindrance=str(error))
        notify(HINDERED, words=words, about=held, recipients=[held.asked_by_id], url=held.get_absolute_url())
        return
    notify(RELEASED, words=words | {"number": order.number}, about=order, recipients=[held.asked_by_id], url=order.get_absolute_url())


def said_needs(needs: Needs, products: Any) -> list[str]:
    """What is to be released, in sentences; `products` are name and packing by key."""
    found = []
    if needs.overdue:
        found.append(_("%(sum)s is overdue and not paid first.") % {"sum": say_yuan(needs.overdue)})
    if needs.credit:
        found.append(_("%(sum)s above the credit limit.") % {"sum": say_yuan(needs.credit)})
    for product, quantity in sorted(needs.caps.items()):
        name, packing = products[product]
        found.append(_("%(quantity)s of %(product)s above the cap.") % {"quantity": packing.said(quantity), "product": name})
    return found


def needs_said(release: Release) -> list[str]:
    """Of a release as it is kept, in the language of whoever reads it."""
    needs = Needs.from_json(release.needs)
    products = {product.pk: (product.name, product.packing) for product in Product.objects.filter(pk__in=needs.caps)}
    return said_needs(needs, products)


def _money(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"
