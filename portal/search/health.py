"""What operators are told of the search."""

from django.core.cache import cache
from django.db.models import Min
from django.utils import timezone

from portal.runtime.health import Finding, register_check
from portal.search.engines import engine
from portal.search.engines.base import EngineAwayError
from portal.search.following import REBUILDING
from portal.search.models import Entry, Waiting

PATIENCE = 60.0


def _search() -> Finding:
    rebuilding = cache.get(REBUILDING)
    if rebuilding:
        return Finding("failing", f"the index is being made anew: {rebuilding[0]} of {rebuilding[1]}")
    try:
        state = engine().state()
    except EngineAwayError as away:
        return Finding("failing", str(away)[:200])
    behind = Entry.objects.filter(version__gt=state.cursor).count()
    oldest = Waiting.objects.aggregate(oldest=Min("since"))["oldest"] if behind else None
    late = oldest is not None and (timezone.now() - oldest).total_seconds() > PATIENCE
    return Finding("failing" if late else "ok", f"{engine().name}, {state.entries} entries" + (f", {behind} to follow" if behind else ""))


register_check("search", _search)
