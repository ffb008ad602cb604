"""How far people have read. Positions only rise; a mark says that everything before a moment is read."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from forum.listing import unread_by_board
from forum.models import Board, BoardMark, Thread
from forum.services.common import require

STILL_WRITTEN, RAISED_AGAIN_AFTER = timedelta(minutes=1), timedelta(hours=1)
# Writes nothing where nothing new was read.
NOTE = """
    INSERT INTO forum_threadread (person_id, thread_id, number) SELECT %s, thread, number FROM unnest(%s::bigint[], %s::int[]) AS read (thread, number)
    ON CONFLICT (person_id, thread_id) DO UPDATE SET number = excluded.number WHERE forum_threadread.number < excluded.number
"""
# What one writes oneself is read, but what others wrote before it, and one has not seen, is not.
NOTE_OWN = """
    INSERT INTO forum_threadread (person_id, thread_id, number) SELECT %s, thread, number FROM unnest(%s::bigint[], %s::int[]) AS read (thread, number)
    WHERE number = 1
    ON CONFLICT (person_id, thread_id) DO NOTHING
"""


def note_read(person: Any, numbers: Mapping[int, int], *, own: bool = False) -> None:
    """By the ids of threads, up to which number. With `own`, the number is of a post that this person has just written."""
    with connection.cursor() as cursor:
        if own:
            raised = "UPDATE forum_threadread SET number = %s WHERE person_id = %s AND thread_id = %s AND number = %s - 1"
            for thread, number in numbers.items():
                cursor.execute(raised, [number, person.pk, thread, number])
        if not own or 1 in numbers.values():
            cursor.execute(NOTE_OWN if own else NOTE, [person.pk, list(numbers), list(numbers.values())])


@transaction.atomic
def mark_read(*, actor: Any, thread: Thread, number: int) -> None:
    """This person has seen the thread up to this post."""
    require(actor, "view", thread)
    note_read(actor, {thread.pk: min(number, thread.last_number)})
    _raise_floor(actor)


def _raise_floor(person: Any) -> None:
    """Whoever has read everything need not be asked about each thread the next time. What is being written at this moment is not seen yet."""
    until = timezone.now() - STILL_WRITTEN
    mark = BoardMark.objects.filter(person=person, board=None).first()
    if mark is not None and mark.read_until > until - RAISED_AGAIN_AFTER:
        return
    person.__dict__.pop("_forum_unread", None)
    if unread_by_board(person):
        return
    if mark is None:
        BoardMark.objects.bulk_create([BoardMark(person=person, board=None, read_until=until)], ignore_conflicts=True)
    else:
        BoardMark.objects.filter(pk=mark.pk, read_until__lt=until).update(read_until=until)


@transaction.atomic
def mark_all_read(*, actor: Any, board: Board | None = None) -> None:
    """Everything until now, in one board or in all."""
    if board is not None:
        require(actor, "view", board)
    BoardMark.objects.update_or_create(person=actor, board=board, defaults={"read_until": timezone.now()})
