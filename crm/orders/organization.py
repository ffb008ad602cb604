"""Orders on a customer's page, and among what a handover shows."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.catalogue.units import say_yuan
from crm.customers.models import Customer
from crm.customers.panels import OpenWork, Panel, register_customer_panel, register_work_of
from crm.orders.measures import register_measures
from crm.orders.models import CreditAccount, Order
from crm.orders.policies import may_order_for
from portal.access.policies import can

MOST = 6


def _orders(customer: Customer, user: Any) -> dict[str, Any] | None:
    account = CreditAccount.objects.filter(customer=customer).first() or CreditAccount()
    account.customer = customer
    if not can(user, "view", account):
        return None
    return {
        "orders": [(order, say_yuan(order.total)) for order in Order.objects.filter(customer__root=customer.pk)[:MOST]],
        "limit": say_yuan(account.limit),
        "exposure": say_yuan(account.exposure),
        "may_order": may_order_for(user, customer),
    }


def _undelivered(portfolio_ids: Sequence[int]) -> Iterable[OpenWork]:
    rows = Order.objects.filter(customer__root__portfolio__in=portfolio_ids, state__in=(Order.State.CONFIRMED, Order.State.PARTLY))
    for order in rows.select_related("customer__root").order_by("wanted_on", "pk"):
        yield OpenWork(order.customer.root, _("Order %(number)s") % {"number": order.number}, order.wanted_on, order.get_absolute_url())


register_customer_panel(Panel("orders", "crm/orders/_panel.html", _orders, order=10))
register_work_of(_undelivered)
register_measures()
