"""What pages are told about news."""

from collections.abc import Iterator
from typing import Any

from wagtail.models import Page

from bulletin.news.models import NewsDesk, NewsItem
from bulletin.news.policies import edits_news
from bulletin.news.services.items import check_item, hang_item, note_item_end, note_item_publication, note_item_schedule
from portal.pages.registry import PageRules, register_page, register_workplaces


def desk_of(user: Any) -> Iterator[Page]:
    """The desk, for editors."""
    if edits_news(user):
        yield from NewsDesk.objects.all()


register_workplaces(desk_of)
register_page(NewsItem, PageRules(check=check_item, saved=hang_item, scheduled=note_item_schedule, published=note_item_publication, unpublished=note_item_end))
