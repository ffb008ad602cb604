"""Every queue of the portal, so that what one of them has put aside is seen and tried again in one place."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from portal.outbox.models import Trouble

Names = Callable[[Collection[int]], dict[int, str]]


@dataclass(frozen=True, slots=True)
class Aside:
    """A thing that could not be dealt with in a few tries; `key` tells operators which, without a word of what it says."""

    key: str
    reason: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """`aside(most)` names the first of what is put aside, `count()` how many are, `retry()` gives them another round and returns how many."""

    code: str
    label: str | Promise
    aside: Callable[[int], list[Aside]]
    count: Callable[[], int]
    retry: Callable[[], int]


_queues: dict[str, Queue] = {}


def register_queue(queue: Queue) -> Queue:
    if queue.code in _queues:
        raise ValueError(f"two queues {queue.code!r}")
    _queues[queue.code] = queue
    return queue


def all_queues() -> list[Queue]:
    return list(_queues.values())


def troubled_queue(code: str, label: str | Promise, *, retried: Callable[[Collection[int]], None] = lambda things: None) -> Queue:
    """A queue that notes its failures as `Trouble`. `retried` is told of the things that are tried again, in the same transaction."""

    def rows():
        return Trouble.objects.filter(queue=code, due_at__isnull=True)

    def retry() -> int:
        things = list(rows().values_list("thing", flat=True))
        rows().filter(thing__in=things).delete()
        retried(things)
        return len(things)

    return Queue(code, label, lambda most: [Aside(str(row), row.reason, row.since) for row in rows()[:most]], lambda: rows().count(), retry)
