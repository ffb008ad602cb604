"""`{% discussion thing %}`: the comments of a thing that can be discussed, and the way to write one."""

from typing import Any

from django import template
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.discussion.forms import CommentForm
from portal.discussion.registry import discussable_for
from portal.discussion.texts import body_html
from portal.discussion.threads import WORDS, read_thread

register = template.Library()


@register.inclusion_tag("discussion/_discussion.html", takes_context=True)
def discussion(context: template.Context, about: Any) -> dict[str, Any]:
    """For a page that has asked whether the thing may be seen. Takes its page and order from the address."""
    request = context["request"]
    return {"request": request, "csrf_token": context.get("csrf_token"), "thread": read_thread(request.user, about, request.GET), "form": CommentForm()}


@register.simple_tag
def discussion_later(about: Any) -> SafeString:
    """The discussion of a page that people open to read: fetched when they come to its end, or by the link where scripts do not run."""
    discussable = discussable_for(type(about))
    address = reverse("discussion:thread", args=[ContentType.objects.get_for_model(discussable.model).pk, about.pk])
    return format_html(
        '<section class="discussion" id="discussion" hx-get="{}" hx-trigger="revealed" hx-swap="outerHTML"><h2>{}</h2>'
        '<p><a href="?comments=1#discussion">{}</a></p></section>',
        address,
        WORDS[discussable.noun(about)].heading,
        _("Read and write"),
    )


@register.filter
def comment_body(text: str) -> SafeString:
    return body_html(text)
