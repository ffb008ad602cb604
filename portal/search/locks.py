"""Who may write when: advisory locks of the database, which a process that dies lets go of."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select
from typing import Any

from django.db import connection
from psycopg import Connection, Error
from psycopg.pq import TransactionStatus

FEED = 482231
INDEX = 482232
REBUILD = 482233
MISSING_FEED = 482234

HELD = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""

CANCELLINGS = 5
USABLE = {TransactionStatus.IDLE, TransactionStatus.INTRANS}


class TakenError(Exception):
    """Somebody else is at it already."""


def wait_for(lock: int) -> None:
    """One process at a time; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


@contextmanager
def alone(lock: int) -> Iterator[None]:
    """Held over many transactions. Raises TakenError at once where another process holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [lock])
        if not cursor.fetchone()[0]:
            raise TakenError
    try:
        yield
    finally:
        _let_go(lock)


def _let_go(lock: int) -> None:
    """A connection that was lost, or that a failed transaction is about to lose, lets go by itself."""
    session = connection.connection
    if session is None or connection.needs_rollback:
        return
    if session.info.transaction_status not in USABLE:  # interrupted in the middle of a statement
        _cancel(session)
        connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def _cancel(session: Connection[Any]) -> None:
    """Until the server answers: a server that has not begun the statement yet overlooks a cancelling, and goes on with the statement."""
    with suppress(Error):
        for _ in range(CANCELLINGS):
            session.cancel_safe(timeout=5)
            select([session.fileno()], [], [], 1)
            session.pgconn.consume_input()
            if not session.pgconn.is_busy():
                return


def is_held(lock: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HELD, [lock])
        return bool(cursor.fetchone()[0])
