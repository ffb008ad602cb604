"""The tags that every template has without loading them: icons, fields, faces, dates, numbers, the query string."""

import logging
import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms.boundfield import BoundField
from django.template.loader import get_template
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.foundation.avatars import avatar_html
from portal.foundation.dates import exact_instant, say_day, say_instant, say_long_day
from portal.foundation.fields import field_context, form_summary_context
from portal.foundation.frame import slot_templates
from portal.foundation.icons import icon_svg
from portal.foundation.skeletons import skeleton

register = template.Library()
logger = logging.getLogger(__name__)


@register.simple_tag
def icon(name: str) -> SafeString:
    return icon_svg(name)


@register.simple_tag
def avatar(name: str, photo_url: str | None = None, size: str = "") -> SafeString:
    """A face: the photo, or the initials on a colour that belongs to the name."""
    return avatar_html(str(name), photo_url, size)


@register.simple_tag
def render_field(bound: BoundField) -> SafeString:
    """Label, control, help and errors of one field, for any widget."""
    return mark_safe(get_template("components/field.html").render(field_context(bound)))


@register.simple_tag
def form_summary(form: forms.BaseForm) -> SafeString:
    """How many errors there are, with a link to each; nothing when there are none."""
    return mark_safe(get_template("components/summary.html").render(form_summary_context(form)) if form.errors else "")


@register.simple_tag
def render_form(form: forms.BaseForm) -> SafeString:
    """The summary and all fields."""
    parts = [form_summary(form), *(str(bound) for bound in form.hidden_fields()), *(render_field(bound) for bound in form.visible_fields())]
    return mark_safe("".join(parts))


@register.filter
def when(instant: datetime | None) -> SafeString | str:
    if instant is None:
        return ""
    exact, said = exact_instant(instant), escape(say_instant(instant))
    return mark_safe(f'<time datetime="{instant.isoformat()}" title="{exact}">{said}</time>')  # digits, and what was escaped


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    if value is None:
        return ""
    plain = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _day(get_language(), timezone.localdate(), plain)


@lru_cache(maxsize=4_096)
def _day(language: str | None, today: date, plain: date) -> SafeString:
    """In the language that is active."""
    exact, said = plain.isoformat(), escape(say_day(plain, today=today))
    return mark_safe(f'<time datetime="{exact}" title="{exact}">{said}</time>')  # digits, and what was escaped


@register.filter
def long_day(value: date) -> str:
    return say_long_day(value)


@register.filter
def rich_text(html: str | None) -> SafeString:
    """A text that `clean_html` has given, as a well-set page; nothing else may be handed to it."""
    return mark_safe(f'<div class="prose">{html}</div>' if html else "")


@register.filter
def number(value: int | float | Decimal | None) -> str:
    """With thousands separated; nothing for None."""
    return "" if value is None or value == "" else f"{value:,}"


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> SafeString:
    """This page's query string with changes; None or nothing takes a key away."""
    parameters = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            parameters.pop(key, None)
        else:
            parameters[key] = str(value)
    text = parameters.urlencode()
    return mark_safe(escape(f"?{text}" if text else "?"))


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> SafeString:
    """The way to the pages beside this one; nothing where it is the only one."""
    before, after = page.has_previous(), page.has_next()
    if not before and not after:
        return mark_safe("")
    is_uncounted = getattr(page.paginator, "is_uncounted", False)
    drawn = skeleton("components/_pagination.html", (get_language(), before, after, is_uncounted), lambda: {"page": page})
    return drawn.fill(
        {
            "number": number(page.number),
            "count": "" if is_uncounted else number(page.paginator.num_pages),
            "previous": query(context, page=page.number - 1) if before else "",
            "next": query(context, page=page.number + 1) if after else "",
        }
    )


@register.simple_tag(takes_context=True)
def slot(context: template.Context, place: str) -> SafeString:
    """The templates that modules put into this place of the frame."""
    names = slot_templates(place)
    if not names:
        return mark_safe("")
    return mark_safe("".join(_included(name, context) for name in names))


@register.simple_tag(takes_context=True)
def frame_start(context: template.Context) -> SafeString:
    """The beginning of the frame, with what modules put into its slots."""
    return context["frame"].start({"topbar": slot(context, "topbar"), "person_menu": slot(context, "person_menu")})


@register.simple_tag(takes_context=True)
def widget_body(context: template.Context, panel: dict[str, Any]) -> SafeString:
    """The body of a widget of the home page, with the widget's own context on top of the page's; a sentence where it cannot be drawn."""
    with context.push(**panel["context"]):
        try:
            return mark_safe(_included(panel["template_name"], context))
        except Exception:
            logger.exception("the widget %s failed", panel["code"])
            return mark_safe(_included("components/unavailable.html", context))


def _included(name: str, context: template.Context) -> str:
    engine = context.template.engine  # type: ignore[union-attr]  # a tag is always rendered from a template
    with context.push():
        return str(engine.get_template(name).render(context))


# What people wrote is escaped, so that only our own tags are.
TAG = re.compile(r"</?[a-z][^<>]*>")


@register.simple_tag(takes_context=True)
def block_text(context: template.Context, name: str) -> str:
    """What the page puts into a block, said once more elsewhere and without its tags: the heading as the document's title, where a tag would be read out."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return "" if block is None else mark_safe(TAG.sub("", block.nodelist.render(context)).strip())
