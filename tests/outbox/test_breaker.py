"""A broker that hangs keeps one person waiting for a moment, and the others not at all."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from celery import current_app

from portal.outbox import bell
from portal.outbox.breaker import Breaker
from portal.runtime.addresses import broker_address, cache_address
from portal.runtime.embedded.valkey import EmbeddedValkey
from tests.runtime.portal_process import wait_until

PAUSE, PATIENCE = 5.0, 0.5
A_MOMENT = 0.2


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(pause=PAUSE, patience=PATIENCE, clock=clock)


def fail(breaker: Breaker, clock: Clock, *, after: float) -> None:
    def ask() -> None:
        with breaker.attempt():
            clock.now += after
            raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        ask()


def test_a_server_that_refuses_at_once_is_asked_again_at_once(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, clock, after=0.01)
    assert breaker.may_try()


def test_a_server_that_hangs_is_left_alone_for_a_pause_and_then_asked_by_one(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, clock, after=PATIENCE * 2)
    clock.now += PAUSE - 0.1
    assert not breaker.may_try()
    clock.now += 0.2
    assert breaker.may_try()
    assert not breaker.may_try(), "the others go on without it"
    fail(breaker, clock, after=PATIENCE * 2)
    assert not breaker.may_try()


def test_a_server_that_answers_again_is_asked_by_everyone(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, clock, after=PATIENCE * 2)
    clock.now += PAUSE
    assert breaker.may_try()
    with breaker.attempt():
        clock.now += PATIENCE * 2
    assert breaker.may_try()
    assert breaker.may_try()


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedValkey]:
    """A broker of this test's own, and a bell that has not rung yet."""
    server, before = EmbeddedValkey(tmp_path), current_app.conf.broker_url
    server.start()
    current_app.conf.broker_url = broker_address(cache_address(tmp_path))
    monkeypatch.setattr(bell, "broker", Breaker(pause=A_MOMENT, patience=bell.LONGEST_WAIT / 2))
    yield server
    current_app.conf.broker_url = before
    server.process.send_signal(signal.SIGCONT)
    server.stop()


def rings(server: EmbeddedValkey) -> int:
    with redis.Redis.from_url(cache_address(server.data_dir)) as client:
        return sum(client.llen(queue) for queue in client.scan_iter("portal*"))  # one list for each priority


def seconds_to_ring() -> float:
    begun = time.monotonic()
    bell.ring()
    return time.monotonic() - begun


def test_ringing_a_broker_that_hangs_takes_a_second_once_and_nothing_until_the_pause_is_over(broker: EmbeddedValkey) -> None:
    bell.ring()
    assert rings(broker) == 1
    broker.process.send_signal(signal.SIGSTOP)
    bell.broker.pause = 60
    assert bell.LONGEST_WAIT * 0.9 < seconds_to_ring() < bell.LONGEST_WAIT * 10
    assert sum(seconds_to_ring() for _turn in range(20)) < 20 * bell.LONGEST_WAIT / 2


def test_a_broker_that_goes_on_is_rung_again(broker: EmbeddedValkey) -> None:
    broker.process.send_signal(signal.SIGSTOP)
    bell.ring()
    broker.process.send_signal(signal.SIGCONT)
    before = rings(broker)

    def is_rung() -> bool:
        bell.ring()
        return rings(broker) > before

    wait_until(is_rung, 20)
