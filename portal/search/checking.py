"""Comparing what is searched, the feed and the index, and mending what differs. Run each night, and by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from portal.foundation.locks import wait_for
from portal.outbox.models import Trouble
from portal.search import locks
from portal.search.engines import engine
from portal.search.feeding import feed_all, note_made
from portal.search.following import INDEX_QUEUE, portion, write_apart
from portal.search.models import Entry
from portal.search.question import Gone
from portal.search.sources import all_sources

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """How many were right, and how many were not and are now."""

    right: int
    mended: int


def check_feed(progress: Progress = lambda _done, _total: None) -> Checked:
    """Read everything that is searched once more; what reads otherwise than its entries gets new ones, what is gone loses them."""
    before = dict(Entry.objects.values_list("pk", "version"))
    plans = [(source, set(source.rows().values_list("pk", flat=True)) | _fed(source.code)) for source in all_sources()]
    total, done = sum(len(ids) for _source, ids in plans), 0
    for source, ids in plans:
        for reached in feed_all(source, ids):
            progress(done + reached, total)
        done += len(ids)
        note_made([source])
    after = dict(Entry.objects.values_list("pk", "version"))
    mended = sum(before.get(pk) != version for pk, version in after.items())
    return Checked(len(after) - mended, mended)


def check_index() -> Checked:
    """Give the index what it lacks or has in an old version, and take away what the feed does not have."""
    index = engine()
    with transaction.atomic():
        wait_for(locks.INDEX)
        cursor = index.state().cursor
        feed = dict(Entry.objects.filter(is_gone=False, version__lte=cursor).exclude(include=[], readers=[]).values_list("pk", "version"))
        held = dict(index.versions())
        aside = set(Trouble.objects.filter(queue=INDEX_QUEUE).values_list("thing", flat=True))
        wrong = [pk for pk, version in feed.items() if held.get(pk) != version and pk not in aside]
        foreign = [pk for pk in held if pk not in feed]
        last = 0
        while entries := portion(Entry.objects.filter(pk__in=wrong, pk__gt=last).order_by("pk")):
            last = entries[-1].pk
            write_apart(partial(index.write, cursor=cursor), entries)
        if foreign:
            index.write([Gone(pk, held[pk]) for pk in foreign], cursor=cursor)
    return Checked(len(feed) - len(wrong), len(wrong) + len(foreign))


def _fed(code: str) -> set[int]:
    return set(Entry.objects.filter(source=code, is_gone=False).values_list("object_id", flat=True))
