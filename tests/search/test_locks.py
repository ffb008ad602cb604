"""Locks that are held over many transactions."""

import pytest
from django.db import connection

from portal.foundation.locks import alone, is_held
from portal.search import locks
from portal.search.following import rebuild
from tests.search.indexing import another_session

pytestmark = pytest.mark.django_db(transaction=True)


def _be_interrupted(*_progress: int) -> None:
    """As Ctrl-C between the sending of a statement and the reading of its answer."""
    connection.ensure_connection()
    connection.connection.pgconn.send_query(b"SELECT pg_sleep(600)")
    raise KeyboardInterrupt


def _give_up() -> None:
    """What was in the middle of a statement, as when the process ends."""
    connection.connection.cancel_safe(timeout=20)
    connection.close()


def test_who_is_interrupted_in_the_middle_of_a_statement_lets_go_of_the_lock():
    with pytest.raises(KeyboardInterrupt), alone(locks.REBUILD):
        _be_interrupted()
    _give_up()
    with another_session() as session:
        session.execute("SET statement_timeout = '20s'")
        session.execute("SELECT pg_advisory_lock(%s)", [locks.REBUILD])
    with alone(locks.REBUILD):
        assert is_held(locks.REBUILD)


@pytest.mark.usefixtures("index")
def test_a_rebuild_that_is_interrupted_in_the_middle_of_a_statement_ends_with_that_alone():
    with pytest.raises(KeyboardInterrupt):
        rebuild(_be_interrupted)
    _give_up()
    assert not is_held(locks.REBUILD)
