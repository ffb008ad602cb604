"""The board: what is open, by stage. Dragged, or put there with the buttons of a card, or with the arrow keys on it."""

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.catalogue.units import say_yuan
from crm.sales.models import Opportunity, SaleKind, Stage
from crm.sales.views.guards import refuse_others
from portal.access.decorators import employee_required
from portal.access.policies import visible_to
from portal.foundation.asking import read_words
from portal.organization.querysets import today

MOST_CARDS = 20


@require_safe
@employee_required
def opportunity_board(request: HttpRequest) -> HttpResponse:
    """`?kind=` which kind of selling, `?whose=mine` what one answers for oneself, `?q=` words."""
    refuse_others(request.user)
    asked = request.GET.get("kind")
    seen = visible_to(Opportunity, request.user).filter(state=Opportunity.State.OPEN)
    kind = asked if asked in SaleKind.values else _most_open(seen)
    whose, words = "mine" if request.GET.get("whose") == "mine" else "", read_words(request.GET)
    rows = seen.filter(kind=kind)
    if whose:
        rows = rows.filter(owner=request.user.pk)
    for word in words.lower().split()[:6]:
        rows = rows.filter(Q(name__icontains=word) | Q(customer__root__found_by__contains=word))
    context = {
        "kind": kind,
        "kinds": SaleKind.choices,
        "whose": whose,
        "words": words,
        "query": request.GET.urlencode(),
        "columns": columns_of(kind, rows),
        "today": today(),
        "crumbs": [(_("Sales"), "")],
    }
    return render(request, "crm/sales/board.html", context)


def _most_open(rows: QuerySet[Opportunity]) -> str:
    """The kind of selling of which this person has most that is open."""
    most = rows.order_by().values("kind").annotate(count=Count("pk")).order_by("-count", "kind").first()
    return str(most["kind"]) if most else str(SaleKind.RELATIONSHIP)


def columns_of(kind: str, rows: QuerySet[Opportunity]) -> list[dict[str, Any]]:
    """Three questions, however many there are: sums by stage, the keys of what is due first in each, the cards."""
    sums = {one["stage"]: one for one in rows.order_by().values("stage").annotate(count=Count("pk"), fen=Sum("amount"))}
    stages = [stage for stage in Stage.objects.filter(kind=kind) if stage.ended_on is None or stage.pk in sums]
    parts = [rows.filter(stage=stage).order_by("expected_on", "pk").values_list("pk")[:MOST_CARDS] for stage in stages if stage.pk in sums]
    keys = [pk for (pk,) in (parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])] if parts else []
    cards: dict[int, list[Opportunity]] = {stage.pk: [] for stage in stages}
    for row in Opportunity.objects.filter(pk__in=keys).select_related("customer__root", "owner").order_by("expected_on", "pk"):
        cards[row.stage_id].append(row)
    entered = [stage for stage in stages if stage.ended_on is None]
    found = []
    for place, stage in enumerate(stages):
        one = sums.get(stage.pk, {"count": 0, "fen": 0})
        before = [other for other in entered if other.place < stage.place]
        after = [other for other in entered if other.place > stage.place]
        found.append(
            {
                "stage": stage,
                "count": one["count"],
                "sum": say_yuan(one["fen"] or 0),
                "cards": [(row, say_yuan(row.amount)) for row in cards[stage.pk]],
                "more": one["count"] - len(cards[stage.pk]),
                "before": before[-1] if before else None,
                "after": after[0] if after else None,
                "place": place,
            }
        )
    return found
