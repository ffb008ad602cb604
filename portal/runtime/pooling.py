"""Whether the database can do what the portal needs of it, found by trying: its version, and what a pooler between keeps from one transaction to the next."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from psycopg import Connection, Error

from portal.runtime.guards import StartRefused

OLDEST_POSTGRESQL = 17
TURNS = 3
UNTOLD = "Something pools the connections to PostgreSQL and the portal was not told: set PORTAL_DATABASE_POOLER to prepared or plain (docs/operators.md)."
FORGETS = (
    "The pooler before PostgreSQL does not keep prepared statements: pgBouncer 1.21 or newer with max_prepared_statements does, or set "
    "PORTAL_DATABASE_POOLER=plain."
)


def wrong_with_database() -> str:
    """One sentence for the operator; nothing where all is well."""
    with _session() as one, _session() as other:
        version = one.info.server_version // 10_000
        if version < OLDEST_POSTGRESQL:
            return f"PostgreSQL {version} is too old: {OLDEST_POSTGRESQL} or newer is needed."
        pooler = settings.ENVIRONMENT.database_pooler
        if pooler == "plain":
            return ""
        try:
            is_pooled = _is_given_another_session(one, other)
        except Error:
            return FORGETS if pooler else UNTOLD
        return UNTOLD if is_pooled and not pooler else ""


def check_database() -> None:
    """Raises StartRefused with what is wrong."""
    if wrong := wrong_with_database():
        raise StartRefused(wrong)


def _is_given_another_session(one: Connection[Any], other: Connection[Any]) -> bool:
    """Whether a session of the server is there for a transaction alone.

    While `one` holds a session in a transaction, `other` is given another. What was given back last is given out first, so the next statement of `other`
    comes to a session that has never seen it. Raises where it is unknown there.
    """
    seen = set()
    for _turn in range(TURNS):
        with one.transaction():
            one.execute("SELECT 1")
            seen.add(_session_of(other))
        seen.add(_session_of(other))
    return len(seen) > 1


def _session_of(session: Connection[Any]) -> int:
    row = session.execute("SELECT pg_backend_pid()", prepare=True).fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def _session() -> Iterator[Connection[Any]]:
    own = connection.copy()
    try:
        own.ensure_connection()
        yield own.connection
    finally:
        own.close()
