"""Where papers stand in the frame."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.access.registry import has_capability
from portal.approvals.capabilities import DRAW_PAPERS
from portal.approvals.inbox import count_waiting
from portal.foundation.creation import CreationItem, register_creation
from portal.foundation.navigation import NavigationItem, register_navigation


def _is_employee(user: Any) -> bool:
    return bool(user.is_employee)


def _waiting(request: HttpRequest) -> int:
    return count_waiting(request.user)


register_navigation(
    NavigationItem("approvals", _("Approvals"), "stamp", "approvals:inbox", order=20, is_allowed=_is_employee, key="a", group="work", badge=_waiting)
)
register_navigation(
    NavigationItem(
        "paper-kinds",
        _("Kinds of papers"),
        "workflow",
        "approvals:kind_list",
        order=35,
        group="admin",
        is_allowed=lambda user: has_capability(user, DRAW_PAPERS),
    )
)
register_creation(CreationItem(_("Paper"), "stamp", "approvals:kind_choice", order=20, is_allowed=_is_employee))
