"""Where mail stands in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mail.capabilities import KEEP_LIMITS, READ_JOURNAL
from mail.listing import unread_count
from portal.access.registry import has_capability
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.frame import register_slot
from portal.foundation.navigation import NavigationItem, register_navigation


def _is_employee(user: Any) -> bool:
    return bool(user.is_employee)


def _unread(request: Any) -> int:
    return 0 if getattr(request, "view_as", None) else unread_count(request.user)


register_navigation(NavigationItem("mail", _("Mail"), "mail", "mail:inbox", order=60, is_allowed=_is_employee, key="m", group="main", badge=_unread))
register_navigation(
    NavigationItem(
        "mail-journal", _("Journal of mail"), "book-lock", "mail:journal", order=62, group="admin", is_allowed=lambda user: has_capability(user, READ_JOURNAL)
    )
)
register_navigation(
    NavigationItem(
        "mail-limits", _("Limits of mail"), "gauge", "mail:limit_list", order=63, group="admin", is_allowed=lambda user: has_capability(user, KEEP_LIMITS)
    )
)
register_navigation(
    NavigationItem(
        "mail-gateway", _("Gateway of mail"), "globe", "mail:gateway", order=64, group="admin", is_allowed=lambda user: has_capability(user, READ_JOURNAL)
    )
)
register_creation(CreationItem(_("Message"), "mail", "mail:new", order=5, is_allowed=_is_employee))
register_slot("topbar", "mail/_slot.html", order=15)
