"""Where mail stands in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from mail.listing import unread_count
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.frame import register_slot
from portal.foundation.navigation import NavigationItem, register_navigation


def _is_employee(user: Any) -> bool:
    return bool(user.is_employee)


def _unread(request: Any) -> int:
    return 0 if getattr(request, "view_as", None) else unread_count(request.user)


register_navigation(NavigationItem("mail", _("Mail"), "mail", "mail:inbox", order=60, is_allowed=_is_employee, key="m", group="main", badge=_unread))
register_creation(CreationItem(_("Message"), "mail", "mail:new", order=5, is_allowed=_is_employee))
register_slot("topbar", "mail/_slot.html", order=15)
