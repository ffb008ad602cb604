"""Ordering by themselves: through the gate that everybody's orders pass, at the prices of that moment."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.catalogue.models import Warehouse
from crm.extranet.errors import ExtranetError
from crm.extranet.models import Account
from crm.extranet.notifications import CANCELLED, ORDERED
from crm.extranet.services.asking import ask_as
from crm.orders.models import Order
from crm.orders.services.gate import Quantities, cancel_order, digest_of, place_order
from crm.service.models import RequestKind
from crm.service.services.keeping import who_answers_for
from portal.foundation.locking import lock_row
from portal.notifications.services import notify
from portal.organization.querysets import today

FRESH_FOR = timedelta(hours=1)


@transaction.atomic
def order_as(account: Account, *, wanted_on: date, quantities: Quantities, key: UUID, remark: str = "") -> Order:
    """The order, once for its key. Whose it is follows from who is signed in, from where it leaves is the plant's; their account manager is told."""
    held = lock_row(Account.objects.select_related("user", "customer__root__portfolio"), account.pk, no_key=True)
    customer = held.customer.root
    if held.ended_at is not None:
        raise ExtranetError(_("Your account was ended. Ask your account manager."))
    earlier = Order.objects.select_related("customer", "warehouse").filter(key=key).first()
    if earlier is not None and earlier.customer.root_id != customer.pk:
        raise ExtranetError(_("Open the page again: it carried no key."))
    warehouse = delivering_warehouse()
    if warehouse is None:
        raise ExtranetError(_("There is no warehouse to deliver from yet."))
    if earlier is not None and earlier.digest != digest_of(earlier.customer, earlier.warehouse, wanted_on, quantities, remark):
        words = {"number": earlier.number}
        raise ExtranetError(_("This page was sent already with other quantities, as order %(number)s. Open the page of orders anew for a second one.") % words)
    order = place_order(actor=held.user, customer=customer, warehouse=warehouse, wanted_on=wanted_on, quantities=quantities, key=key, remark=remark)
    if earlier is None:
        _tell(order, held)
    return order


def may_cancel(order: Order) -> bool:
    """By a press: nothing has left, and nobody loads it yet; in the first hour always. Later they ask."""
    fresh = order.placed_at > timezone.now() - FRESH_FOR
    return order.state == Order.State.CONFIRMED and (fresh or order.wanted_on > today())


@transaction.atomic
def cancel_as(account: Account, order: Order, *, reason: str) -> str:
    """Cancelled at once while that is theirs to do, else asked of whoever answers for them; returns what to say of it. Either way they are told."""
    held = lock_row(Order.objects.select_related("customer"), order.pk, no_key=True)
    if held.customer.root_id != account.customer.root_id:
        raise ExtranetError(_("There is no such order."))
    if not held.is_open:
        raise ExtranetError(_("Nothing of this order is open any more."))
    words = {"customer": account.customer.root.name, "number": held.number, "reason": reason.strip()[:80]}
    if may_cancel(held):
        cancel_order(held, actor=account.user, reason=reason)
        answers = who_answers_for(account.customer)
        if answers is not None:
            notify(CANCELLED, words=words, about=held, recipients=[answers.pk], at_its_page=True, actor=account.user)
        return _("Order %(number)s is cancelled.") % words
    made = ask_as(account, kind=RequestKind.SUPPLY, text=_("Please cancel order %(number)s: %(reason)s") % (words | {"reason": reason.strip()}))
    return _("We were asked, under the number %(number)s. %(person)s answers you.") % {"number": made.number, "person": made.owner.name}


def delivering_warehouse() -> Warehouse | None:
    """From where the customers' site delivers: the first that is open."""
    return Warehouse.objects.filter(closed_on__isnull=True).order_by("code").first()


def _tell(order: Order, account: Account) -> None:
    answers = who_answers_for(account.customer)
    if answers is not None:
        words: dict[str, Any] = {"customer": account.customer.root.name, "number": order.number, "sum": f"{order.total / 100:,.2f}"}
        notify(ORDERED, words=words, about=order, recipients=[answers.pk], at_its_page=True, actor=account.user)
