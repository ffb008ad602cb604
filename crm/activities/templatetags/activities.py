"""What pages of visits show."""

from collections.abc import Mapping
from typing import Any

from django import template

from portal.access.standings import standing_of

register = template.Library()


@register.filter
def of_key(values: Mapping[Any, Any], key: Any) -> Any:
    """What stands under a key; nothing where there is none."""
    return values.get(key, "")


@register.filter
def heads_somebody(user: Any) -> bool:
    """Whether this person heads a department today, or stands in for who does."""
    return bool(standing_of(user).headed_department_ids)
