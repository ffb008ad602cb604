"""`{% mail_link %}` in the top bar of every page, and what rows of mail are drawn with."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mail.listing import MOST_COUNTED, state_of
from mail.services.mailboxes import topic_of
from mail.words import subject_of
from portal.foundation.frame import as_kept
from portal.foundation.icons import icon_svg

register = template.Library()
LINK = (
    '<a class="tool mail-link" href="{}" aria-label="{}" title="{}" data-topic="{}" data-cursor="{}" hx-get="{}" hx-trigger="rung, mail-read from:body" '
    'hx-target="find .mail-count" hx-swap="innerHTML">{}<span class="mail-count" aria-hidden="true">{}</span></a>'
)


@register.simple_tag(takes_context=True)
def mail_link(context: template.Context) -> SafeString:
    """How many are unread, changed by itself; none for customers, nor while an administrator views the site as someone else."""
    request = context["request"]
    user = request.user
    if not user.is_authenticated or not user.is_employee or getattr(request, "view_as", None):
        return SafeString("")
    unread, cursor = as_kept(request, "mailbox", lambda: state_of(user))
    label = _("Mail")
    return format_html(LINK, reverse("mail:inbox"), label, label, topic_of(user.pk), cursor, reverse("mail:count"), icon_svg("mail"), counted(unread))


@register.filter
def counted(count: int) -> str:
    """Nothing for nought; more than 99 is 99+."""
    return "" if not count else str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"


@register.filter
def subject(message: Any) -> str:
    return subject_of(message)
