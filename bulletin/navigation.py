"""Where the boards stand in the frame."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from bulletin.capabilities import OVERSEE
from bulletin.listing import counts_for
from bulletin.publishing import publishing_departments
from portal.access.registry import has_capability
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation


def _is_employee(user: Any) -> bool:
    return bool(user.is_employee)


def _publishes(user: Any) -> bool:
    return user.is_employee and bool(publishing_departments(user))


def _unread(request: Any) -> int:
    return counts_for(request.user).unread


register_navigation(
    NavigationItem(
        "bulletin",
        _("Notices"),
        "megaphone",
        "bulletin:board",
        order=10,
        is_allowed=_is_employee,
        key="b",
        group="main",
        badge=_unread,
        moved_by=("reading",),
    )
)
register_navigation(NavigationItem("publishing", _("What I publish"), "square-pen", "bulletin:drafts", order=90, group="work", is_allowed=_publishes))
register_navigation(
    NavigationItem(
        "oversight",
        _("Oversight of the boards"),
        "telescope",
        "bulletin:oversight",
        order=50,
        group="admin",
        is_allowed=lambda user: has_capability(user, OVERSEE),
    )
)
register_creation(CreationItem(_("Notice"), "megaphone", "bulletin:notice_create", order=10, is_allowed=_publishes))
