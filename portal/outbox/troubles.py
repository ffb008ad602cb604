"""Failures of one thing in a queue: noted with their reason, tried a few times, then put aside, while what stands behind goes on."""

import errno
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from portal.foundation.storable import storable
from portal.outbox.models import Trouble

logger = logging.getLogger(__name__)

FEW_TRIES = 3
FIRST_WAIT = timedelta(seconds=20)
LONGEST_REASON = 300
NOBODYS_FAULT = ("08", "53100", "53300", "57P")  # by SQLSTATE: no connection, no room on the disk, no more connections, ending or not yet begun
DIED = "the worker ended over it"


def reason_of(error: BaseException, *, longest: int = LONGEST_REASON) -> str:
    """The kind and the first line of an error, as it can be stored."""
    return storable(f"{type(error).__name__}: {error}".strip().splitlines()[0])[:longest]


def is_everybodys(error: BaseException) -> bool:
    """Whether the failure says nothing of the thing that was at hand: the database is away or is ending, or a disk is full, ours or its own."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    if not isinstance(error, OperationalError):
        return False
    return str(getattr(error.__cause__, "sqlstate", None) or "").startswith(NOBODYS_FAULT) or not connection.is_usable()


def not_now(queue: str) -> QuerySet[Trouble, int]:
    """The things of a queue that are put aside, or whose next try is later; for a query's `exclude(pk__in=...)`."""
    return Trouble.objects.filter(queue=queue).exclude(due_at__lte=timezone.now()).values_list("thing", flat=True)


def note_trouble(queue: str, thing: int, reason: str) -> bool:
    """Count a try that failed; whether the thing is put aside now. Called before the try as well (`DIED`), it counts those that a worker does not survive."""
    with transaction.atomic():
        row, _is_new = Trouble.objects.select_for_update().get_or_create(queue=queue, thing=thing)
        if row.reason != DIED:
            row.attempts += 1
        return _save(row, reason)


def begin_try(queue: str, thing: int) -> bool:
    """Count a try before it begins, to be committed before it does; False where the thing was already tried too often by workers that died of it."""
    with transaction.atomic():
        row, _is_new = Trouble.objects.select_for_update().get_or_create(queue=queue, thing=thing)
        row.attempts += 1
        is_lost = row.attempts > FEW_TRIES
        _save(row, DIED)
    return not is_lost


def forget_trouble(queue: str, things: Iterable[int]) -> None:
    """These could be dealt with, or are gone."""
    Trouble.objects.filter(queue=queue, thing__in=list(things)).delete()


def apart(queue: str, things: Sequence[int], work: Callable[[Sequence[int]], None], *, raises: type[Exception] | None = None) -> list[int]:
    """Do the work on all of these in one transaction, or on halves of them where that fails, down to the one that is to blame; returns those that failed.

    Each that failed is noted. What is nobody's fault in particular (`is_everybodys`, and errors of the type `raises`) is raised.
    """
    if not things:
        return []
    try:
        with transaction.atomic():
            work(things)
        return []
    except Exception as error:
        if is_everybodys(error) or (raises is not None and isinstance(error, raises)):
            raise
        if len(things) == 1:
            logger.exception("%s:%s cannot be dealt with", queue, things[0])
            note_trouble(queue, things[0], reason_of(error))
            return [things[0]]
    middle = len(things) // 2
    return apart(queue, things[:middle], work, raises=raises) + apart(queue, things[middle:], work, raises=raises)


def _save(row: Trouble, reason: str) -> bool:
    is_aside = row.attempts >= FEW_TRIES + (reason == DIED)
    row.reason = reason[:LONGEST_REASON]
    row.due_at = None if is_aside else timezone.now() + FIRST_WAIT * 2 ** (row.attempts - 1)
    row.save()
    return is_aside
