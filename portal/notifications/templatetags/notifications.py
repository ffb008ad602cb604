"""`{% bell %}` and `{% notification_rows notifications %}`."""

from collections.abc import Iterable
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.foundation.frame import as_kept
from portal.foundation.skeletons import skeleton
from portal.foundation.templatetags.foundation import when
from portal.notifications.models import Notification
from portal.notifications.registry import kind_of

register = template.Library()


@register.simple_tag(takes_context=True)
def bell(context: template.Context) -> SafeString:
    """The bell of whoever is signed in; none while an administrator views the site as someone else."""
    request = context["request"]
    if not request.user.is_authenticated or getattr(request, "view_as", None):
        return mark_safe("")
    count, cursor = as_kept(request, "bell", lambda: Notification.objects.bell_of(request.user))
    values = {"person": str(request.user.pk), "cursor": str(cursor), "count": str(count or ""), "token": escape(context["frame"].token)}
    return skeleton("notifications/_bell.html", get_language(), dict).fill(values)


@register.simple_tag(takes_context=True)
def notification_rows(context: template.Context, notifications: Iterable[Notification]) -> SafeString:
    """Each opens what it tells of, by a form, for it is read by that. Drawn without a template, for a page has many."""
    token, unread = escape(context["csrf_token"]), escape(_("unread"))
    notifications_url = reverse("notifications:notification_list")
    return mark_safe("".join(_row(one, notifications_url, token, unread) for one in notifications))  # every part is escaped


def _row(notification: Notification, notifications_url: str, token: str, unread: str) -> str:
    is_read = notification.read_at is not None
    mark = "" if is_read else f'<span class="visually-hidden">{unread}</span>'
    kind = kind_of(notification.kind)
    return (
        f'<li class="bell-row{"" if is_read else " unread"}" data-cursor="{notification.pk}">'
        f'<form method="post" action="{notifications_url}{notification.pk}/opening/">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
        f'<button><span class="dot">{mark}</span><span class="grow">{escape(kind.say(notification.words)) if kind else ""}</span>'
        f'<span class="faint small">{when(notification.created_at)}</span></button></form></li>'
    )
