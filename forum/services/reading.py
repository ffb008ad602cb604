"""How far people have read. Positions only rise; a mark says that everything before a moment is read."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from forum.models import Board, BoardMark, Thread
from forum.services.common import require

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
        cursor.execute(NOTE_OWN if own else NOTE, [person.pk, list(numbers), list(numbers.values())])


@transaction.atomic
def mark_read(*, actor: Any, thread: Thread, number: int) -> None:
    """This person has seen the thread up to this post."""
    require(actor, "view", thread)
    note_read(actor, {thread.pk: min(number, thread.last_number)})


@transaction.atomic
def mark_all_read(*, actor: Any, board: Board | None = None) -> None:
    """Everything until now, in one board or in all."""
    if board is not None:
        require(actor, "view", board)
    BoardMark.objects.update_or_create(person=actor, board=board, defaults={"read_until": timezone.now()})
