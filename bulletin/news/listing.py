"""The lists of news for a person."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from bulletin.listing import ADDRESSED, person_parameters
from bulletin.news.models import Category, NewsItem
from portal.pages.querysets import PublishedQuerySet

MOST_IN_CATEGORY = 4
LINES = f"""
    SELECT n.page_ptr_id, p.title, n.published_at, n.picture_id, n.picture_alt
    FROM (
        (SELECT n.page_ptr_id, 0 AS place, n.led_at AS at FROM bulletin_newsitem n
            WHERE {ADDRESSED} AND n.led_at IS NOT NULL ORDER BY n.led_at DESC, n.page_ptr_id DESC LIMIT 1)
        UNION ALL
        (SELECT n.page_ptr_id, 1, n.published_at FROM bulletin_newsitem n
            WHERE {ADDRESSED} ORDER BY n.published_at DESC, n.page_ptr_id DESC LIMIT {{limit:d}})
    ) asked
    JOIN bulletin_newsitem n USING (page_ptr_id)
    JOIN wagtailcore_page p ON p.id = n.page_ptr_id
    ORDER BY asked.place, asked.at DESC, n.page_ptr_id DESC
"""  # noqa: S608  # only constants are put in; what is asked for is always a parameter
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


@dataclass(frozen=True, slots=True)
class NewsLine:
    """A story as home shows it."""

    pk: int
    title: str
    published_at: datetime
    picture_id: UUID | None
    picture_alt: str

    def get_absolute_url(self) -> str:
        return reverse("bulletin:news_item", args=[self.pk])

    @property
    def picture_url(self) -> str:
        return reverse("attachments:picture", args=[self.picture_id])


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


def lead_and_newest(user: Any, most: int) -> list[NewsLine]:
    """The story that leads (see `lead_for`), then the newest others, in one statement; empty where there is none."""
    with connection.cursor() as cursor:
        cursor.execute(LINES.format(limit=most + 1), person_parameters(user))
        found = [NewsLine(*values) for values in cursor.fetchall()]
    return [*found[:1], *[line for line in found[1:] if line.pk != found[0].pk][:most]]


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
