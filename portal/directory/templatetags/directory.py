"""How departments are named in lists."""

from django import template

from portal.directory.people import place_label
from portal.organization.models import Department

register = template.Library()


@register.filter
def place(department: Department) -> str:
    """The name, with the one above where it says little by itself."""
    return place_label(department)
