"""Where orders stand in the frame."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.orders.policies import takes_orders, works_with_orders
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation

register_navigation(NavigationItem("orders", _("Orders"), "shopping-cart", "crm:order_list", order=40, is_allowed=works_with_orders, key="e", group="work"))
register_creation(CreationItem(pgettext_lazy("a new one", "Order"), "shopping-cart", "crm:order_start", order=62, is_allowed=takes_orders))
