"""The desk of those who keep a category: what waits, what is due, what people look for in vain, what was of no use."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from knowledge.keeping import kept_categories
from knowledge.models import Article, EditSuggestion
from knowledge.models.articles import SOON
from portal.access.decorators import employee_required
from portal.pages.approval import waiting_for
from portal.search.kept import missed_words

MOST = 20
MOST_WORDS = 12
DAYS = timedelta(days=90)
LEAST_UNHELPFUL = 2


@require_GET
@employee_required
def desk(request: HttpRequest) -> HttpResponse:
    kept = kept_categories(request.user)
    waiting = waiting_for(request.user, Article).select_related("category", "department", "latest_revision__user")
    if kept == [] and not waiting.exists():
        raise PermissionDenied(_("The desk is for those who keep a category of the knowledge base."))
    today = timezone.localdate()
    shown = _kept(kept).filter(is_shown=True).select_related("category", "department", "owner_position").defer("body")
    context: dict[str, Any] = {
        "waiting": waiting[:MOST],
        "due": shown.filter(review_due_on__lte=today + SOON).order_by("review_due_on", "pk")[:MOST],
        "today": today,
        "misses": missed_words()[:MOST_WORDS],
        "unhelpful": _unhelpful(shown)[:MOST],
        "suggested": EditSuggestion.objects.filter(state=EditSuggestion.State.OPEN, article__in=_kept(kept)).select_related("article", "person")[:MOST],
        "keeps_all": kept is None,
    }
    return render(request, "knowledge/desk.html", context)


def _kept(kept: list[int] | None) -> QuerySet[Article]:
    return Article.objects.all() if kept is None else Article.objects.filter(category__in=kept)


def _unhelpful(rows: QuerySet[Article]) -> QuerySet[Article]:
    """More found the version that stands of no use than of use."""
    of_version = Q(usefulness__version_number=F("version_number"), usefulness__said_at__gte=timezone.now() - DAYS)
    counted = rows.annotate(no=Count("usefulness", filter=of_version & Q(usefulness__is_useful=False)), said=Count("usefulness", filter=of_version))
    return counted.filter(no__gte=LEAST_UNHELPFUL, no__gt=F("said") - F("no")).order_by("-no", "pk")
