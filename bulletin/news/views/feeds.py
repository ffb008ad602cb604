"""The addresses that bring news, kept by administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bulletin.news.forms import FeedForm
from bulletin.news.models import NewsFeed
from bulletin.news.problems import say_problem
from bulletin.news.services.feeds import add_feed, change_feed, read_soon
from portal.access.decorators import administrator_required
from portal.access.policies import get_permitted, visible_to
from portal.foundation.errors import PortalError


@require_GET
@administrator_required
def news_feed_list(request: HttpRequest) -> HttpResponse:
    """Every feed and how it is read."""
    feeds = [(feed, say_problem(feed.problem, feed.detail)) for feed in visible_to(NewsFeed, request.user)]
    return render(request, "bulletin/news/news_feed_list.html", {"feeds": feeds})


@require_http_methods(["GET", "POST"])
@administrator_required
def news_feed_create(request: HttpRequest) -> HttpResponse:
    form = FeedForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            add_feed(**form.cleaned_data, actor=request.user)
        except PortalError as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("The feed is read within a minute."))
            return redirect("bulletin:news_feed_list")
    return render(request, "bulletin/news/news_feed_form.html", {"form": form, "feed": None}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@administrator_required
def news_feed_update(request: HttpRequest, pk: int) -> HttpResponse:
    feed = get_permitted(NewsFeed, user=request.user, action="change", pk=pk)
    form = FeedForm(request.POST if request.method == "POST" else None, instance=feed)
    if form.is_valid():
        try:
            change_feed(NewsFeed.objects.get(pk=feed.pk), **form.cleaned_data, actor=request.user)
        except PortalError as refusal:
            form.add_error("address", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("bulletin:news_feed_list")
    return render(request, "bulletin/news/news_feed_form.html", {"form": form, "feed": feed}, status=422 if form.is_bound else 200)


@require_POST
@administrator_required
def news_feed_reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it now, not after its pause."""
    feed = get_permitted(NewsFeed, user=request.user, action="change", pk=pk)
    read_soon(feed, actor=request.user)
    messages.success(request, _("The feed is read within a minute."))
    return redirect("bulletin:news_feed_list")
