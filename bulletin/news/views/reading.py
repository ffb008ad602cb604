"""Reading the news."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from bulletin.news.listing import NewsFilter, lead_for, newest_by_category, news_for
from bulletin.news.models import Category, NewsItem
from bulletin.news.policies import edits_news
from bulletin.news.services.items import everyone
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.access.words import describe_rule
from portal.foundation.asking import read_words
from portal.foundation.moments import read_day
from portal.foundation.pages import SlidingPaginator

PER_PAGE = 20
RELATED = ("audience", "published_by", "latest_revision")


@require_GET
@employee_required
def news(request: HttpRequest) -> HttpResponse:
    """The front page: the lead story, then by day; or what was asked for. Everything asked stands in the address."""
    asked = asked_news(request.GET)
    page_number = request.GET.get("page", "")
    is_front = asked.is_everything and (not page_number.isdecimal() or int(page_number[:9]) <= 1)
    # The lead is left out of every page of the whole list, so that pages do not shift.
    lead = lead_for(request.user) if asked.is_everything else None
    rows = news_for(request.user, asked)
    page = SlidingPaginator(rows.exclude(pk=lead.pk) if lead is not None else rows, PER_PAGE).get_page(page_number)
    context = {
        "asked": asked,
        "lead": lead if is_front else None,
        "page": page,
        "rows": page.object_list,
        "by_category": newest_by_category(request.user, without=lead.pk) if is_front and lead is not None else [],
        "categories": Category.choices,
        "edits": edits_news(request.user),
    }
    template = "bulletin/news/_news.html" if request.headers.get("HX-Target") == "news" else "bulletin/news/news.html"
    return render(request, template, context)


@require_GET
@employee_required
def news_item(request: HttpRequest, pk: int) -> HttpResponse:
    """An item as it was published last. Its editors, where it was not, are shown its draft."""
    item = get_permitted(NewsItem, user=request.user, rows=NewsItem.objects.select_related(*RELATED), pk=pk)
    if item.published_at is None:
        return redirect("bulletin:news_preview", pk=item.pk)
    return render(request, "bulletin/news/news_item.html", item_context(item) | {"edits": edits_news(request.user)})


def item_context(item: NewsItem) -> dict[str, Any]:
    """What the page of an item shows, in either state."""
    rule = item.audience.rule if item.audience is not None else None
    return {"item": item, "audience": "" if rule is None or rule == everyone() else describe_rule(rule), "is_preview": False}


def asked_news(query: Any) -> NewsFilter:
    """The filter in the address. What is not on the lists counts as not asked (S38)."""
    category = query.get("category", "")
    return NewsFilter(
        category=category if category in Category.values else "",
        starts_on=read_day(query.get("from", "")),
        ends_on=read_day(query.get("to", "")),
        words=read_words(query),
    )
