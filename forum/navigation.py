"""Where the forum stands in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from forum.capabilities import MANAGE
from forum.listing import unread_count
from portal.access.registry import has_capability
from portal.foundation.navigation import NavigationItem, register_navigation


def _is_employee(user: Any) -> bool:
    return bool(user.is_employee)


def _unread(request: Any) -> int:
    return unread_count(request.user)


def _keeps(user: Any) -> bool:
    return has_capability(user, MANAGE)


register_navigation(
    NavigationItem(
        "forum",
        _("Forum"),
        "messages-square",
        "forum:front",
        order=50,
        is_allowed=_is_employee,
        key="f",
        group="main",
        badge=_unread,
        moved_by=("forum_board",),
    )
)
register_navigation(NavigationItem("forum-boards", _("Boards of the forum"), "layout-list", "forum:board_list", order=60, group="admin", is_allowed=_keeps))
