"""Telling the search that something has changed."""

from collections.abc import Iterable

from django.db.models import Model

from portal.access.participation import follow_readers
from portal.attachments.registry import follow_texts
from portal.outbox.services import enqueue
from portal.search.models import Entry, Waiting
from portal.search.sources import source_of

FEED = "search.feed"


def touch(model: type[Model], ids: Iterable[int]) -> None:
    """Within the transaction that changes these things: until their entries are made anew, they are left out of every answer, unless they are for all.

    Things of a model that is not searched are passed over.
    """
    source = source_of(model)
    ids = sorted(set(ids))
    if source is None or not ids:
        return
    Waiting.objects.bulk_create([Waiting(source=source.code, object_id=pk, hides=not source.is_for_all) for pk in ids], batch_size=1_000)
    enqueue(FEED)


def touch_of_departments(ids: Iterable[int]) -> None:
    """All that stands under these departments: their place in the plant has changed."""
    rows = Entry.objects.filter(department_id__in=list(ids), is_gone=False).values_list("source", "object_id").distinct()
    waiting = Waiting.objects.bulk_create([Waiting(source=source, object_id=pk, hides=False) for source, pk in rows], batch_size=1_000)
    if waiting:
        enqueue(FEED)


follow_texts(touch)
follow_readers(touch)
