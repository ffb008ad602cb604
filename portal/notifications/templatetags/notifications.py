"""`{% unread_count as count %}` and `{{ notification|sentence }}`."""

from django import template

from portal.notifications.models import Notification
from portal.notifications.registry import kind_of

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_count(context: template.Context) -> int:
    """How many notifications the person of this request has not read."""
    return Notification.objects.count_unread(context["request"].user)


@register.filter
def sentence(notification: Notification) -> str:
    kind = kind_of(notification.kind)
    return kind.say(notification.words) if kind else ""


@register.filter
def kind_icon(notification: Notification) -> str:
    kind = kind_of(notification.kind)
    return kind.icon if kind else "bell"
