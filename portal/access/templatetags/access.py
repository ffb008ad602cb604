"""`{% can "change" notice as may_change %}` and `{% if user|holds:"audit.read" %}`."""

from typing import Any

from django import template

from portal.access.policies import can as policy_can
from portal.access.registry import has_capability

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: template.Context, action: str, obj: Any) -> bool:
    """Whether the person of this request may do this to that; by the same policy that the view asks."""
    return policy_can(context["request"].user, action, obj)


@register.filter
def holds(user: Any, capability: str) -> bool:
    return has_capability(user, capability)
