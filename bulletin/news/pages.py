"""What pages are told about news."""

from collections.abc import Iterator
from typing import Any

from wagtail.models import Page

from bulletin.news.models import NewsDesk, NewsItem
from bulletin.news.policies import edits_news
from bulletin.news.services.items import facts_of_item, missing_of_item, tell_planner
from portal.pages.registry import PageRules, register_page, register_workplaces


def desk_of(user: Any) -> Iterator[Page]:
    """The desk, for editors."""
    if edits_news(user):
        yield from NewsDesk.objects.all()


register_workplaces(desk_of)
register_page(NewsItem, PageRules(missing=missing_of_item, facts=facts_of_item, not_published=tell_planner))
