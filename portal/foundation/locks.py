"""Who may write when: advisory locks of the database, which a process that dies lets go of.

Each is held by a transaction, never by a session: behind a pooler a session is nobody's, and what it holds stays with whoever is given it next.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import DatabaseError, InterfaceError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

HELD = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


class TakenError(Exception):
    """Somebody else is at it already."""


def wait_for(lock: int) -> None:
    """One process at a time; held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


@contextmanager
def alone(lock: int, *, waits: bool = False, silence: int = 0) -> Iterator[BaseDatabaseWrapper]:
    """Held over many transactions, by one more of a connection of its own. Raises TakenError at once where another process holds it, or waits for it.

    Yields that connection. With `silence` who does not ask `still_held` for so many seconds loses the lock, also where a machine is gone without a word.
    """
    own = connection.copy()
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = {1000 * silence:d}")
            cursor.execute(f"SELECT {'pg_advisory_xact_lock' if waits else 'pg_try_advisory_xact_lock'}(%s)", [lock])
            if cursor.fetchone()[0] is False:
                raise TakenError
        yield own
    finally:
        with suppress(DatabaseError, InterfaceError):
            own.rollback()  # else whoever looks next meets the lock until the server has noticed that nobody is there
        own.close()


def still_held(own: BaseDatabaseWrapper) -> bool:
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def is_held(lock: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(HELD, [lock])
        return bool(cursor.fetchone()[0])
