"""What operators are told of the search. Pages go on without it."""

from django.core.cache import cache
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.foundation.locks import is_held
from portal.foundation.navigation import Words
from portal.runtime.health import Finding, joined, register_check
from portal.search import locks
from portal.search.effects import TROUBLE
from portal.search.engines import engine
from portal.search.engines.base import EngineAwayError
from portal.search.feeding import missing_sources
from portal.search.following import REBUILDING
from portal.search.models import Waiting

PATIENCE = 60.0
MOST_NAMED = 3


def _search() -> Finding:
    """Failing where people find nothing, or not what is new."""
    rebuilding = _rebuilding()
    try:
        state = engine().state()
    except EngineAwayError as away:
        return Finding("failing", rebuilding or _why(away))
    waits, late = _waiting()
    missing = [source.code for source in missing_sources()]
    trouble = cache.get(TROUBLE) if waits else None
    parts: list[Words] = [
        format_lazy(_("{engine}, {count} entries"), engine=engine().name, count=state.entries),
        rebuilding,
        format_lazy(_("not read yet: {names}"), names=", ".join(missing)) if missing else "",
        waits,
        str(trouble or ""),
        _put_aside(),
    ]
    said = [part for part in parts if part]
    is_failing = late or bool(missing or trouble or parts[-1])
    return Finding("failing" if is_failing else "ok", joined(said, "; "))


def _why(away: EngineAwayError) -> Words:
    """In the language of whoever reads it, which is not that of this thread."""
    reason = away.args[0] if away.args else ""
    return reason if isinstance(reason, Promise) else str(reason)[:200]


def _rebuilding() -> Words:
    if not is_held(locks.REBUILD):
        return ""
    done, total = cache.get(REBUILDING) or (0, 0)
    return format_lazy(_("the index is being made anew: {done} of {total}"), done=done, total=total) if total else _("the index is being made anew")


def _waiting() -> tuple[Words, bool]:
    """How much has to follow, and whether for longer than a minute."""
    waiting = Waiting.objects.filter(trouble="").aggregate(count=Count("*"), oldest=Min("since"))
    if not waiting["count"]:
        return "", False
    seconds = (timezone.now() - waiting["oldest"]).total_seconds()
    late = seconds > PATIENCE
    if not late:
        return format_lazy(_("{count} to follow"), count=waiting["count"]), False
    return format_lazy(_("{count} to follow, the oldest for {seconds} s"), count=waiting["count"], seconds=f"{seconds:.0f}"), True


def _put_aside() -> Words:
    """Things that cannot be read, by their keys, with what was wrong with one of them."""
    troubled = Waiting.objects.filter(~Q(trouble=""), version__isnull=True).values_list("source", "object_id", "trouble").distinct()
    found = list(troubled.order_by("source", "object_id")[: MOST_NAMED + 1])
    if not found:
        return ""
    names = ", ".join(f"{source}:{pk}" for source, pk, _trouble in found[:MOST_NAMED]) + (" …" if len(found) > MOST_NAMED else "")
    return format_lazy(_("cannot be read: {names} ({reason})"), names=names, reason=found[0][2])


register_check("search", _search)
