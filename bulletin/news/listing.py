"""The lists of news for a person."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from bulletin.news.models import Category, NewsItem
from bulletin.querysets import PublishedQuerySet

MOST_IN_CATEGORY = 4
DRAWN = ("title", "category", "summary", "source", "link", "picture_id", "picture_alt", "published_at", "corrected_at", "is_shown", "shown_until", "led_at")


@dataclass(frozen=True, slots=True)
class NewsFilter:
    """What is asked of the list; the view reads it from the address. Empty means everything that is for the person."""

    category: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    words: str = ""

    @property
    def is_everything(self) -> bool:
        return self == NewsFilter()


def news_for(user: Any, asked: NewsFilter | None = None) -> PublishedQuerySet:
    """Newest first, without the texts."""
    asked = asked or NewsFilter()
    rows = NewsItem.objects.addressed_to(user)
    if asked.category:
        rows = rows.filter(category=asked.category)
    if asked.starts_on is not None:
        rows = rows.filter(published_at__gte=_midnight(asked.starts_on))
    if asked.ends_on is not None:
        rows = rows.filter(published_at__lt=_midnight(asked.ends_on + timedelta(days=1)))
    if asked.words:
        rows = rows.filter(Q(title__icontains=asked.words) | Q(summary__icontains=asked.words))
    return rows.only(*DRAWN).newest_first()


def lead_for(user: Any) -> NewsItem | None:
    """The newest of the lead stories, else the newest story."""
    rows = news_for(user)
    found: NewsItem | None = rows.filter(led_at__isnull=False).order_by("-led_at", "-pk").first() or rows.first()
    return found


def newest_by_category(user: Any, *, without: int | None = None) -> list[tuple[str, str, list[NewsItem]]]:
    """Of each category, in one statement: its value, its label and its newest items; categories without any are left out."""
    rows = news_for(user)
    parts = [rows.filter(category=value).exclude(pk=without)[:MOST_IN_CATEGORY] for value in Category.values]
    found: dict[str, list[NewsItem]] = {}
    for item in parts[0].union(*parts[1:], all=True):
        found.setdefault(item.category, []).append(item)
    return [(value, str(label), sorted(found[value], key=_age)) for value, label in Category.choices if value in found]


def _age(item: NewsItem) -> tuple[float, int]:
    return -item.published_at.timestamp() if item.published_at else 0.0, -item.pk


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
