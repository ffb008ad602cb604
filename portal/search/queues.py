"""What the search could not read, or the index could not take, for operators."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.outbox.known_queues import Aside, Queue, register_queue, troubled_queue
from portal.outbox.services import enqueue
from portal.outbox.troubles import FEW_TRIES
from portal.search.following import INDEX_QUEUE
from portal.search.models import Entry, Waiting
from portal.search.services import FEED


def _unread() -> QuerySet[Waiting]:
    return Waiting.objects.filter(version__isnull=True, attempts__gte=FEW_TRIES).exclude(trouble="").order_by("since", "pk")


@transaction.atomic
def _read_again() -> int:
    count = _unread().update(due_at=timezone.now())
    enqueue(FEED)
    return count


def _take_anew(entries: Collection[int]) -> None:
    """With a new version, so that the index takes them in its turn."""
    rows = Entry.objects.filter(pk__in=entries)
    Waiting.objects.bulk_create([Waiting(source=source, object_id=pk) for source, pk in rows.values_list("source", "object_id").distinct()])
    rows.update(fingerprint=b"")
    enqueue(FEED)


register_queue(
    Queue(
        "search",
        _("things to be read for the search"),
        lambda most: [Aside(str(row), row.trouble, row.since) for row in _unread()[:most]],
        lambda: _unread().count(),
        _read_again,
    )
)
register_queue(troubled_queue(INDEX_QUEUE, _("entries for the search engine"), retried=_take_anew))
