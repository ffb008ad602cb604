"""Where sales stand in the frame."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.sales.policies import works_with_sales
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation

register_navigation(NavigationItem("sales", _("Sales"), "target", "crm:opportunity_board", order=25, is_allowed=works_with_sales, key="s", group="work"))
register_creation(CreationItem(pgettext_lazy("a new one", "Opportunity"), "target", "crm:opportunity_create", order=61, is_allowed=works_with_sales))
register_creation(CreationItem(pgettext_lazy("a new one", "Expense"), "receipt-text", "crm:expense_create", order=62, is_allowed=works_with_sales))
