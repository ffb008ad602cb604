"""What pages of visits show."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of_key(values: Mapping[Any, Any], key: Any) -> Any:
    """What stands under a key; nothing where there is none."""
    return values.get(key, "")
