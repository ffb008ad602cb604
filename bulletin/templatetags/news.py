"""Rows of news, which are drawn so often that they have no template of their own."""

from collections.abc import Iterable
from html import escape

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from bulletin.news.models import Category, NewsItem
from portal.foundation.dates import say_day, say_long_day

LONGEST_SUMMARY = 120

register = template.Library()


@register.simple_tag
def news_by_day(rows: Iterable[NewsItem]) -> SafeString:
    """Items under the days on which they were published."""
    zone = timezone.get_current_timezone()
    today = timezone.localdate()
    base = reverse("bulletin:news")
    categories = {value: escape(str(label)) for value, label in Category.choices}
    corrected = escape(_("corrected"))
    parts: list[str] = []
    heading = None
    for item in rows:
        assert item.published_at is not None, "what is listed is published"
        at = item.published_at.astimezone(zone)
        if at.date() != heading:
            said = f"{say_day(at.date(), today=today)} · {say_long_day(at.date())}" if (today - at.date()).days < 2 else say_long_day(at.date())
            parts.append(f'{"</ul>" if heading else ""}<h2 class="day">{escape(said)}</h2><ul class="list news-list">')
            heading = at.date()
        summary = item.summary if len(item.summary) <= LONGEST_SUMMARY else f"{item.summary[: LONGEST_SUMMARY - 1]}…"
        mark = f' <span class="tag">{corrected}</span>' if item.corrected_at is not None else ""
        picture = _thumbnail(item) if item.picture_id is not None else ""
        parts.append(
            f'<li class="news-row">{picture}<div class="news-words"><p><span class="tag kind">{categories.get(item.category, "")}</span>'
            f'<a class="title" href="{base}{item.pk}/">{escape(item.title)}</a>{mark}</p>'
            f'{f"""<p class="quiet small">{escape(summary)}</p>""" if summary and summary != item.title else ""}</div>'
            f'<span class="from">{escape(item.source)}</span><time datetime="{at.isoformat(timespec="minutes")}">{at:%H:%M}</time></li>'
        )
    return mark_safe("".join(parts) + ("</ul>" if heading else ""))  # every part is escaped


def _thumbnail(item: NewsItem) -> str:
    """What it shows is said on the page of the item."""
    return f'<img src="{reverse("attachments:thumbnail", args=[item.picture_id])}" alt="" loading="lazy" width="72" height="54">'
