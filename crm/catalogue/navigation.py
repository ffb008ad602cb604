"""Where products stand in the frame."""

from django.utils.translation import gettext_lazy as _

from crm.catalogue.policies import sees_products
from portal.foundation.navigation import NavigationItem, register_navigation

register_navigation(NavigationItem("products", _("Products"), "package", "crm:product_list", order=30, is_allowed=sees_products, key="r", group="work"))
