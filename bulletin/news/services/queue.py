"""The queue of what feeds brought: an editor takes or drops each."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletin.news.errors import NewsStateError
from bulletin.news.models import NewsEntry, NewsItem
from bulletin.news.services.items import create_item
from portal.access.policies import decide
from portal.audit.services import record
from portal.foundation.errors import PortalError
from portal.foundation.locking import lock_row
from portal.pages.services import publish_draft

Verdict = Literal["take", "publish", "drop"]
State = NewsEntry.State


@dataclass(slots=True)
class Decided:
    """What came of several decisions: items of what was taken, how many were dropped, and a sentence for each that was refused."""

    items: list[NewsItem] = field(default_factory=list)
    dropped: int = 0
    refusals: list[str] = field(default_factory=list)


@transaction.atomic
def take_entry(entry: NewsEntry, *, actor: Any, publishes: bool = False) -> NewsItem:
    """Make an item of it: a draft, or published at once for everyone. Of two editors who take or drop it, one does."""
    held = _held(entry, actor)
    words = held.summary.strip()
    item = create_item(
        actor=actor,
        values={
            "title": held.title,
            "category": held.feed.category,
            "summary": words or held.title,
            "source": held.feed.name,
            "link": held.link,
        },
    )
    _decide(held, State.TAKEN, actor, item)
    record(actor, "news_entry.taken", held, after={"item": item.pk, "link": held.link})
    return publish_draft(item, actor=actor) if publishes else item


@transaction.atomic
def drop_entry(entry: NewsEntry, *, actor: Any) -> None:
    """Not for us. It does not come again."""
    held = _held(entry, actor)
    _decide(held, State.DROPPED, actor)
    record(actor, "news_entry.dropped", held, after={"link": held.link})


def decide_entries(ids: Collection[int], *, verdict: Verdict, actor: Any) -> Decided:
    """The same for several, each on its own: what another editor has decided meanwhile stays as it is, and is said."""
    decided = Decided()
    for entry in NewsEntry.objects.filter(pk__in=ids).order_by("arrived_at", "pk"):
        try:
            if verdict == "drop":
                drop_entry(entry, actor=actor)
                decided.dropped += 1
            else:
                decided.items.append(take_entry(entry, actor=actor, publishes=verdict == "publish"))
        except PortalError as refusal:
            decided.refusals.append(str(refusal))
    return decided


def _held(entry: NewsEntry, actor: Any) -> NewsEntry:
    held = lock_row(NewsEntry.objects.select_related("feed", "decided_by"), entry.pk)
    decision = decide(actor, "decide", held)
    if not decision:
        raise NewsStateError(str(decision.rule))
    if held.state == State.WAITING:
        return held
    words = {"title": held.title[:60], "person": held.decided_by.name if held.decided_by is not None else _("the portal")}
    if held.state == State.TAKEN:
        raise NewsStateError(_("%(person)s has taken “%(title)s” already.") % words)
    raise NewsStateError(_("%(person)s has dropped “%(title)s” already.") % words)


def _decide(entry: NewsEntry, state: str, actor: Any, item: NewsItem | None = None) -> None:
    entry.state, entry.decided_by, entry.decided_at, entry.item = state, actor, timezone.now(), item
    entry.save(update_fields=["state", "decided_by", "decided_at", "item"])
