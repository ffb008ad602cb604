"""Threads and posts as pages show them."""

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from forum.drawing import post_html, thread_rows
from forum.listing import ThreadRow
from forum.threads import ShownPost

register = template.Library()


@register.simple_tag(takes_context=True)
def rows_of_threads(context: template.Context, rows: Iterable[ThreadRow]) -> SafeString:
    return thread_rows(rows, is_of_one_board=bool(context.get("board")))


@register.simple_tag(takes_context=True)
def post_of_thread(context: template.Context, shown: ShownPost, *, is_changed: bool = False, is_printed: bool = False) -> SafeString:
    """Who views as another, or prints, has nothing to press."""
    return post_html(shown, is_changed=is_changed, has_acts=not is_printed and not context["request"].view_as)
