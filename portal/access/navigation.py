"""Where rights are kept in the rail."""

from django.utils.translation import gettext_lazy as _

from portal.access.capabilities import KEEP_GROUPS
from portal.access.registry import has_capability
from portal.foundation.frame import register_slot
from portal.foundation.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem("groups", _("Groups"), "boxes", "access:group_list", order=30, group="admin", is_allowed=lambda user: has_capability(user, KEEP_GROUPS))
)
register_navigation(
    NavigationItem("capabilities", _("Capabilities"), "key-round", "access:capability_list", order=40, group="admin", is_allowed=lambda user: user.is_superuser)
)
register_navigation(
    NavigationItem("view-as", _("View as"), "glasses", "access:view_as_start", order=70, group="admin", is_allowed=lambda user: user.is_superuser)
)
register_slot("banner", "access/_view_as_banner.html", order=10)
