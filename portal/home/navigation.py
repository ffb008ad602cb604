"""Home stands first in the rail."""

from django.utils.translation import gettext_lazy as _

from portal.foundation.navigation import NavigationItem, register_navigation

register_navigation(NavigationItem("home", _("Home"), "house", "home:home", order=0, key="h", group="main"))
