"""`{% discussion thing %}`: the comments of a thing that can be discussed, and the way to write one."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from portal.discussion.forms import CommentForm
from portal.discussion.texts import body_html
from portal.discussion.threads import read_thread

register = template.Library()


@register.inclusion_tag("discussion/_discussion.html", takes_context=True)
def discussion(context: template.Context, about: Any) -> dict[str, Any]:
    """For a page that has asked whether the thing may be seen. Takes its page and order from the address."""
    request = context["request"]
    return {"request": request, "csrf_token": context.get("csrf_token"), "thread": read_thread(request.user, about, request.GET), "form": CommentForm()}


@register.filter
def comment_body(text: str) -> SafeString:
    return body_html(text)
