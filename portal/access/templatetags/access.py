"""`{% can "change" notice as may_change %}`, `{% why notice %}` and `{% if user|holds:"audit.read" %}`."""

from typing import Any

from django import template
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.access.capabilities import EXPLAIN_ACCESS
from portal.access.policies import can as policy_can
from portal.access.registry import has_capability
from portal.foundation.icons import icon_svg

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: template.Context, action: str, obj: Any) -> bool:
    """Whether the person of this request may do this to that; by the same policy that the view asks."""
    return policy_can(context["request"].user, action, obj)


@register.simple_tag(takes_context=True)
def why(context: template.Context, obj: models.Model) -> SafeString:
    """A link that asks who can see this thing and why, for those who may ask."""
    return why_link(obj) if has_capability(context["request"].user, EXPLAIN_ACCESS) else SafeString("")


def why_link(obj: models.Model, size: str = "") -> SafeString:
    """The link itself; `small` in the row of a list, whose column is for those who may ask."""
    address = reverse("access:why", args=[obj._meta.label_lower, obj.pk])
    return format_html('<a class="button plain {}" href="{}">{}{}</a>', size, address, icon_svg("circle-question-mark"), _("Who can see this?"))


@register.filter
def holds(user: Any, capability: str) -> bool:
    return has_capability(user, capability)
