"""Tags of the page of a list."""

from django import template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def filter_control(bound: BoundField) -> SafeString:
    """The control of a filter, small, with its name for those who do not see it."""
    return bound.as_widget(attrs={"class": "input wrong" if bound.errors else "input", "aria-label": str(bound.label)})
