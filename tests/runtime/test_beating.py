"""Several beats, of which one works."""

import os
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app

from portal.foundation.locks import is_held
from portal.runtime.beating import BEAT_LOCK, LOOK_EVERY, SILENCE, OneBeat
from tests.runtime.portal_process import PATIENCE, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def beat(tmp_path: Path) -> Iterator[Callable[[str], OneBeat]]:
    made: list[OneBeat] = []

    def make(name: str) -> OneBeat:
        made.append(OneBeat(app=current_app, schedule_filename=str(tmp_path / name), lazy=True))
        made[-1].setup_schedule()
        return made[-1]

    yield make
    for one in made:
        one.close()


def _lose(one: OneBeat) -> None:
    """As when its machine is gone."""
    assert one._own is not None
    with socket.socket(fileno=os.dup(one._own.connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
    wait_until(lambda: not is_held(BEAT_LOCK), PATIENCE)


def test_one_works_and_another_takes_over(beat: Callable[[str], OneBeat]) -> None:
    first, second = beat("first"), beat("second")
    assert first.leads()
    assert not second.leads()
    assert second.tick() == LOOK_EVERY
    _lose(first)
    assert second.leads()
    assert not first.leads()
    assert first.tick() == LOOK_EVERY
    second.close()
    assert first.leads()


def test_who_takes_over_does_what_fell_due_meanwhile_and_nothing_older(beat: Callable[[str], OneBeat]) -> None:
    first, second = beat("first"), beat("second")
    long_ago = {name: entry.last_run_at - timedelta(days=3) for name, entry in second.schedule.items()}
    for name, entry in second.schedule.items():
        entry.last_run_at = long_ago[name]
    assert first.leads()
    assert not second.leads()
    _lose(first)
    assert second.leads()
    for entry in second.schedule.values():
        assert timedelta(seconds=SILENCE) < entry.default_now() - entry.last_run_at < timedelta(minutes=10)


def test_who_was_alone_goes_on_from_its_own_schedule(beat: Callable[[str], OneBeat]) -> None:
    first = beat("first")
    before = {name: entry.last_run_at for name, entry in first.schedule.items()}
    assert first.leads()
    assert {name: entry.last_run_at for name, entry in first.schedule.items()} == before


def test_a_silent_one_loses_the_lock(beat: Callable[[str], OneBeat]) -> None:
    first = beat("first")
    assert first.leads()
    assert first._own is not None
    with first._own.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone()[0] == f"{SILENCE}s"
