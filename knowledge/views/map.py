"""The front of the knowledge base: its map, what is new, what is to be reviewed, what was of use."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from knowledge.counting import read_map
from knowledge.keeping import keeps_something
from knowledge.models import Article, Usefulness
from knowledge.models.articles import SOON
from portal.access.decorators import employee_required
from portal.access.visibility import audience_ids_of

MOST = 6
USEFUL_DAYS = timedelta(days=30)
LEAST_SAID = 3
RELATED = ("category", "department", "owner_position")


def readable(user: Any) -> QuerySet[Article]:
    """What this person may read; drafts and what is withdrawn are for the desk."""
    return Article.objects.filter(is_shown=True, audience__any=audience_ids_of(user)).select_related(*RELATED).defer("body")


@require_GET
@employee_required
def knowledge_map(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = readable(request.user)
    # From what was said, which is little beside all that there is to read.
    said = Usefulness.objects.filter(said_at__gte=timezone.now() - USEFUL_DAYS, article__is_shown=True, article__audience__any=audience_ids_of(request.user))
    counted = said.order_by().values("article").annotate(said=Count("pk"), useful=Count("pk", filter=Q(is_useful=True)))
    best = counted.filter(said__gte=LEAST_SAID).order_by("-useful", "article").values_list("article", "said", "useful")[:MOST]
    found = {pk: (said, useful) for pk, said, useful in best}
    by_pk = readable(request.user).in_bulk(list(found)) if found else {}
    context = {
        "map": read_map(request.user),
        "newest": rows.order_by("-published_at")[:MOST],
        "due": rows.filter(review_due_on__lte=today + SOON).order_by("review_due_on", "pk")[:MOST],
        "useful": [(by_pk[pk], round(100 * useful / said), said) for pk, (said, useful) in found.items() if pk in by_pk],
        "today": today,
        "keeps": keeps_something(request.user),
    }
    return render(request, "knowledge/map.html", context)
