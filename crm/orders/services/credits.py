"""A credit note that comes of no return: compensation, granted above and booked here like any other note."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.orders.errors import OrdersError
from crm.orders.models import Order, Payment
from crm.orders.models.orders import MOST_FEN
from crm.orders.policies import FOR_ACCOUNTS, keeps_accounts
from crm.orders.services.accounts import settle
from crm.orders.services.gate import lock_account, within_time
from portal.audit.services import record
from portal.organization.querysets import today


def credit_customer(customer: Customer, *, actor: Any, fen: int, reference: str, key: UUID, first: Order | None = None) -> Payment:
    """It settles what is owed, of `first` before others; the rest is paid ahead. The same key is one note."""
    with within_time():
        if not keeps_accounts(actor):
            raise OrdersError(str(FOR_ACCOUNTS))
        if not 1 <= fen <= MOST_FEN:
            raise OrdersError(_("Write a sum above nought."))
        account = lock_account(customer.pk)
        if (earlier := Payment.objects.filter(key=key).first()) is not None:
            return earlier
        note = Payment.objects.create(account=account, kind=Payment.Kind.NOTE, fen=fen, unused=fen, came_on=today(), reference=reference, actor=actor, key=key)
        settle(note, account, actor, first=first)
        record(actor, "credit.noted", customer, after={"sum": fen, "reference": reference})
        return note
