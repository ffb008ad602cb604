"""The news desk: what editors have in hand, and the queue of what feeds brought."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from bulletin.capabilities import EDIT_NEWS
from bulletin.news.models import NewsEntry, NewsFeed, NewsItem
from bulletin.news.problems import say_problem
from bulletin.news.services.queue import Decided, decide_entries
from portal.access.decorators import capability_required, employee_required
from portal.access.policies import visible_to
from portal.foundation.asking import read_number
from portal.foundation.pages import SlidingPaginator

PER_PAGE = 30
STATES = {
    "draft": gettext_lazy("Drafts"),
    "planned": gettext_lazy("Planned"),
    "published": gettext_lazy("Published"),
    "expired": gettext_lazy("Expired"),
    "retracted": gettext_lazy("Retracted"),
}
OPENS = {"draft": "bulletin:news_update", "planned": "bulletin:news_preview"}


@require_GET
@employee_required
@capability_required(EDIT_NEWS)
def news_desk(request: HttpRequest) -> HttpResponse:
    """Drafts, what is planned, what is published and what is not any more."""
    state = request.GET.get("state", "")
    state = state if state in STATES else "draft"
    everything = visible_to(NewsItem, request.user)
    rows: Any = in_state(everything, state).select_related("latest_revision__user", "published_by").defer("body", "summary")
    page = SlidingPaginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    tabs = [(code, label, in_state(everything, code).count() if code in {"draft", "planned"} else 0) for code, label in STATES.items()]
    context = {
        "state": state,
        "tabs": tabs,
        "opens": OPENS.get(state, "bulletin:news_item"),
        "page": page,
        "rows": page.object_list,
        "waiting": NewsEntry.objects.filter(state=NewsEntry.State.WAITING).count(),
    }
    return render(request, "bulletin/news/news_desk.html", context)


@require_http_methods(["GET", "POST"])
@employee_required
@capability_required(EDIT_NEWS)
def news_queue(request: HttpRequest) -> HttpResponse:
    """What feeds brought and nobody has decided. POST: `entry` (several), `verdict` is take, publish or drop; or `drop` or `take` with one id."""
    if request.method == "POST":
        return _decide(request)
    rows: Any = visible_to(NewsEntry, request.user).filter(state=NewsEntry.State.WAITING).select_related("feed")
    feed_id = read_number(request.GET, "feed") or None
    if feed_id is not None:
        rows = rows.filter(feed=feed_id)
    page = SlidingPaginator(rows.order_by("-arrived_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    waiting = Count("entries", filter=Q(entries__state=NewsEntry.State.WAITING))
    feeds = list(visible_to(NewsFeed, request.user).filter(is_active=True).annotate(waiting=waiting))
    context = {
        "page": page,
        "rows": page.object_list,
        "feeds": feeds,
        "feed_id": feed_id,
        "down": [(feed, say_problem(feed.problem, feed.detail)) for feed in feeds if feed.failing_since is not None],
    }
    return render(request, "bulletin/news/news_queue.html", context)


def in_state(rows: QuerySet[NewsItem], state: str) -> QuerySet[NewsItem]:
    """Of these items, those in a state of the desk."""
    if state == "published":
        return rows.filter(pk__in=NewsItem.objects.current().values("pk")).order_by("-published_at", "-pk")
    if state == "expired":
        gone = rows.filter(published_at__isnull=False, retracted_at__isnull=True).exclude(pk__in=NewsItem.objects.current().values("pk"))
        return gone.order_by("-published_at", "-pk")
    if state == "retracted":
        return rows.filter(retracted_at__isnull=False).order_by("-retracted_at")
    unsaid = rows.filter(retracted_at__isnull=True)
    planned = Q(latest_revision__approved_go_live_at__isnull=False)
    if state == "planned":
        return unsaid.filter(planned).order_by("latest_revision__approved_go_live_at")
    written = Q(published_at__isnull=True) | ~Q(latest_revision=F("live_revision"))
    return unsaid.exclude(planned).filter(written).order_by("-latest_revision_created_at")


def _decide(request: HttpRequest) -> HttpResponse:
    verdict: Any = request.POST.get("verdict", "")
    ids = [int(pk) for pk in request.POST.getlist("entry") if pk.isdecimal() and len(pk) < 18]
    for one in ("take", "publish", "drop"):
        if request.POST.get(one, "").isdecimal():
            verdict, ids = one, [int(request.POST[one][:17])]
    if verdict not in {"take", "publish", "drop"} or not ids:
        messages.error(request, _("Tick what it is about first."))
        return redirect(request.get_full_path())
    decided = decide_entries(ids, verdict=verdict, actor=request.user)
    _tell(request, decided, verdict)
    if verdict == "take" and len(decided.items) == 1:
        return redirect("bulletin:news_update", pk=decided.items[0].pk)
    return redirect(request.get_full_path())


def _tell(request: HttpRequest, decided: Decided, verdict: str) -> None:
    for refusal in decided.refusals[:5]:
        messages.error(request, refusal)
    number = len(decided.items)
    if number and verdict == "publish":
        messages.success(request, ngettext("%(number)s item is published.", "%(number)s items are published.", number) % {"number": number})
    elif number > 1:
        messages.success(request, ngettext("%(number)s draft is made.", "%(number)s drafts are made.", number) % {"number": number})
    if decided.dropped:
        messages.success(request, ngettext("%(number)s entry is dropped.", "%(number)s entries are dropped.", decided.dropped) % {"number": decided.dropped})
