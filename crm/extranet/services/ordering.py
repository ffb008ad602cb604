"""Ordering by themselves: through the gate that everybody's orders pass, at the prices of that moment."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from crm.catalogue.models import Warehouse
from crm.extranet.errors import ExtranetError
from crm.extranet.models import Account
from crm.extranet.notifications import ORDERED
from crm.orders.models import Order
from crm.orders.services.gate import Quantities, digest_of, place_order
from crm.service.services.keeping import who_answers_for
from portal.foundation.locking import lock_row
from portal.notifications.services import notify


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


def delivering_warehouse() -> Warehouse | None:
    """From where the customers' site delivers: the first that is open."""
    return Warehouse.objects.filter(closed_on__isnull=True).order_by("code").first()


def _tell(order: Order, account: Account) -> None:
    answers = who_answers_for(account.customer)
    if answers is not None:
        words: dict[str, Any] = {"customer": account.customer.root.name, "number": order.number, "sum": f"{order.total / 100:,.2f}"}
        notify(ORDERED, words=words, about=order, recipients=[answers.pk], at_its_page=True, actor=account.user)
