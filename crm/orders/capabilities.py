"""Rights of orders that belong to no single order."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

TAKE_ORDERS = register_capability("orders.take", _("Take orders"), _("Take, change and cancel the orders of every customer, by telephone for instance."))
DELIVER_ORDERS = register_capability("orders.deliver", _("Deliver orders"), _("See every order, book what was delivered and what came back."))
KEEP_ACCOUNTS = register_capability("orders.finance", _("Keep accounts of customers"), _("Set limits and terms, book payments, see what is owed by whom."))
