"""Where customers stand in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.policies import held_portfolios, works_with_customers
from portal.access.registry import has_capability
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation


def _takes_up(user: Any) -> bool:
    return user.is_employee and (bool(held_portfolios(user)) or has_capability(user, KEEP_CUSTOMERS))


register_navigation(NavigationItem("customers", _("Customers"), "store", "crm:customer_list", order=20, is_allowed=works_with_customers, key="c", group="work"))
register_creation(CreationItem(pgettext_lazy("a new one", "Customer"), "store", "crm:customer_create", order=60, is_allowed=_takes_up))
