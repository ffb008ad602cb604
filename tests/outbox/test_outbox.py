"""Effects happen after commit, once, whatever dies in between."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from portal.attachments.tasks import read_waiting_files
from portal.outbox import registry
from portal.outbox.models import Effect
from portal.outbox.registry import Payload, handler
from portal.outbox.services import MAX_ATTEMPTS, drain, enqueue, retry_failed
from portal.outbox.tasks import drain_outbox
from portal.runtime.tasks import heartbeat
from tests.outbox.dying import die_over
from tests.runtime.portal_process import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def carried_out() -> Iterator[list[Payload]]:
    """Handlers for this test: `test.noted` notes, `test.batched` takes three, `test.broken` fails until it is mended."""
    done: list[Payload] = []
    before = dict(registry._registrations)

    @handler("test.noted")
    def note(payloads: list[Payload]) -> None:
        done.extend(payloads)

    @handler("test.batched", batch=3)
    def note_batch(payloads: list[Payload]) -> None:
        if any(payload.get("poison") for payload in payloads):
            raise ValueError("poison")
        done.append({"batch": [payload["n"] for payload in payloads]})

    @handler("test.hundred", batch=100)
    def note_many(payloads: list[Payload]) -> None:
        done.append({"taken": len(payloads)})
        if any(payload.get("poison") for payload in payloads):
            raise ValueError("poison")

    @handler("test.broken")
    def fail(payloads: list[Payload]) -> None:
        if not any(payload.get("mended") for payload in done):
            raise ValueError("broken")
        done.extend(payloads)

    yield done
    registry._registrations.clear()
    registry._registrations.update(before)


def test_an_effect_happens_once_after_commit(carried_out: list[Payload]) -> None:
    with transaction.atomic():
        enqueue("test.noted", {"n": 1})
    assert drain() == 1
    assert drain() == 0
    assert carried_out == [{"n": 1}]
    assert not Effect.objects.exists()


def test_an_effect_of_a_transaction_that_failed_never_happens(carried_out: list[Payload]) -> None:
    with transaction.atomic():
        enqueue("test.noted")
        transaction.set_rollback(True)
    assert drain() == 0
    assert carried_out == []


def test_a_kind_that_nobody_handles_is_refused_at_once() -> None:
    with pytest.raises(LookupError):
        enqueue("no.such.kind")


def test_an_effect_of_later_waits_for_its_time(carried_out: list[Payload]) -> None:
    enqueue("test.noted", {"n": 1}, due_at=timezone.now() + timedelta(hours=1))
    assert drain() == 0
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert drain() == 1


def test_a_failing_effect_is_put_off_given_up_and_can_be_tried_again(carried_out: list[Payload]) -> None:
    enqueue("test.broken", {"n": 1})
    enqueue("test.noted", {"n": 2})
    drain()
    assert carried_out == [{"n": 2}], "one that fails holds up no other"
    for turn in range(MAX_ATTEMPTS):
        with time_machine.travel(timezone.now() + timedelta(hours=2 * (turn + 1))):
            drain()
    effect = Effect.objects.get()
    assert effect.failed_at is not None
    assert "broken" in effect.last_error
    carried_out.append({"mended": True})
    assert retry_failed() == 1
    assert drain() == 1
    assert not Effect.objects.exists()


def test_several_of_a_kind_are_handed_over_together(carried_out: list[Payload]) -> None:
    for number in range(5):
        enqueue("test.batched", {"n": number})
    drain()
    assert carried_out == [{"batch": [0, 1, 2]}, {"batch": [3, 4]}]


def test_one_bad_row_spoils_its_batch_for_a_moment_only(carried_out: list[Payload]) -> None:
    for number in range(3):
        enqueue("test.batched", {"n": number, "poison": number == 1})
    for turn in range(MAX_ATTEMPTS + 1):
        with time_machine.travel(timezone.now() + timedelta(hours=2 * turn)):
            drain()
    assert sorted(number for batch in carried_out for number in batch["batch"]) == [0, 2]
    assert Effect.objects.get().payload["n"] == 1


def test_a_batch_that_failed_goes_on_by_tenths(carried_out: list[Payload]) -> None:
    for number in range(100):
        enqueue("test.hundred", {"poison": number == 7})
    for turn in range(3):
        with time_machine.travel(timezone.now() + timedelta(hours=2 * turn)):
            drain()
    assert [done["taken"] for done in carried_out] == [100, *[10] * 10, *[1] * 10]
    assert Effect.objects.get().payload == {"poison": True}


def test_what_a_worker_died_of_is_counted_for_nothing_that_waits_beside_it(carried_out: list[Payload]) -> None:
    for number in range(3):
        enqueue("test.batched", {"n": number})
    deadly = Effect.objects.all()[1]
    die_over(deadly)
    drain()
    assert carried_out == [{"batch": [0, 2]}]
    assert (Effect.objects.get().pk, Effect.objects.get().attempts) == (deadly.pk, 1)


def test_two_workers_at_once_do_nothing_twice(carried_out: list[Payload]) -> None:
    with transaction.atomic():
        for number in range(60):
            enqueue("test.noted", {"n": number})

    def work() -> None:
        drain()
        connection.close()

    workers = [threading.Thread(target=work) for _index in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(payload["n"] for payload in carried_out) == list(range(60))


def test_with_the_broker_gone_effects_are_kept_and_nothing_fails(carried_out: list[Payload]) -> None:
    address = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        with transaction.atomic():
            enqueue("test.noted", {"n": 1})
    finally:
        current_app.conf.broker_url = address
    assert drain() == 1


def test_what_must_not_wait_is_carried_out_by_the_caller_once_it_has_committed(carried_out: list[Payload]) -> None:
    with transaction.atomic():
        enqueue("test.noted", {"n": 1}, at_once=True)
        assert carried_out == []
    assert carried_out == [{"n": 1}]
    with transaction.atomic():
        enqueue("test.noted", {"n": 2}, at_once=True)
        transaction.set_rollback(True)
    assert drain() == 0
    assert carried_out == [{"n": 1}]


def test_what_fails_in_the_callers_process_is_left_to_a_worker_and_harms_no_caller(carried_out: list[Payload]) -> None:
    with transaction.atomic():
        enqueue("test.broken", {"n": 1}, at_once=True)
    assert Effect.objects.get().attempts == 0
    carried_out.append({"mended": True})
    assert drain() == 1
    assert carried_out[-1] == {"n": 1}


def test_what_people_wait_for_is_taken_before_bells_that_rang_earlier() -> None:
    """The same broker as the workers', another queue of its own."""
    name = f"test-{uuid4()}"
    for task in (drain_outbox, drain_outbox, read_waiting_files, heartbeat):
        task.apply_async(queue=name, ignore_result=True)
    current_app.send_task(drain_outbox.name, queue=name, ignore_result=True, priority=current_app.conf.task_default_priority)
    with current_app.connection_for_read() as connection, connection.SimpleQueue(name) as queue:
        taken = []
        for _turn in range(5):
            message = queue.get(timeout=PATIENCE)
            taken.append(message.headers["task"].rpartition(".")[2])
            message.ack()
    assert taken == ["read_waiting_files", "heartbeat", "drain_outbox", "drain_outbox", "drain_outbox"]


def test_a_long_run_of_effects_lets_others_between(carried_out: list[Payload]) -> None:
    for number in range(3):
        with transaction.atomic():
            enqueue("test.noted", {"number": number})
    assert drain(seconds=0) == 1
    assert drain() == 2
    assert len(carried_out) == 3
