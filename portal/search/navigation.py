"""Where those who keep the search find what was not found."""

from django.utils.translation import gettext_lazy as _

from portal.foundation.navigation import NavigationItem, register_navigation
from portal.search.policies import keeps_search

register_navigation(NavigationItem("search", _("Keep the search"), "search-check", "search:kept", order=60, group="admin", is_allowed=keeps_search))
