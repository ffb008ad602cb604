"""Where administration stands in the rail and in the person's menu."""

from django.utils.translation import gettext_lazy as _

from portal.access.capabilities import MANAGE_ORGANIZATION, READ_AUDIT
from portal.access.registry import has_capability
from portal.foundation.navigation import NavigationItem, register_navigation

register_navigation(
    NavigationItem(
        "record", _("Record"), "scroll-text", "administration:record_list", order=80, group="admin", is_allowed=lambda user: has_capability(user, READ_AUDIT)
    )
)
register_navigation(
    NavigationItem(
        "calendar",
        _("Working calendar"),
        "calendar",
        "administration:calendar",
        order=30,
        group="admin",
        is_allowed=lambda user: has_capability(user, MANAGE_ORGANIZATION),
    )
)
register_navigation(
    NavigationItem("operation", _("Operation"), "activity", "administration:operation", order=90, group="admin", is_allowed=lambda user: user.is_superuser)
)
