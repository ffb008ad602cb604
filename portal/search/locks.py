"""Who may write when: advisory locks of the database, which a process that dies lets go of."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import connection
from psycopg import Error
from psycopg.pq import TransactionStatus

FEED = 482231
INDEX = 482232
REBUILD = 482233
MISSING_FEED = 482234

HELD = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""

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
        with suppress(Error):
            session.cancel_safe(timeout=5)
        connection.close()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [lock])


def is_held(lock: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HELD, [lock])
        return bool(cursor.fetchone()[0])
