"""Where plans stand in the frame: below sales, and in the menu of what is new."""

from typing import Any

from django.utils.translation import pgettext_lazy

from crm.plans.capabilities import KEEP_PLANS
from portal.access.registry import has_capability
from portal.foundation.creation import CreationItem, register_creation


def _plans(user: Any) -> bool:
    return bool(user.is_employee and has_capability(user, KEEP_PLANS))


register_creation(CreationItem(pgettext_lazy("a new one", "Plan of sales"), "chart-column-increasing", "crm:plan_create", order=63, is_allowed=_plans))
