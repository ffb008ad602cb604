"""Writing effects, and carrying them out."""

import logging
import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from math import inf
from time import monotonic
from typing import Any

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import BigIntegerField, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from portal.foundation.storable import storable
from portal.outbox.bell import ring
from portal.outbox.models import Effect
from portal.outbox.registry import Registration, registration_for
from portal.outbox.troubles import DIED, FEW_TRIES, is_everybodys, reason_of

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 12
BATCH = 1_000
LONGEST_WAIT = timedelta(hours=1)


def enqueue(kind: str, payload: Mapping[str, Any] | None = None, *, due_at: datetime | None = None, at_once: bool = False) -> Effect:
    """Write an effect in the caller's transaction and ring for a worker once it has committed.

    `at_once` is for what is short and must not wait behind the work of others: the caller's process carries it out, and a worker where that fails.
    Refuses a kind that nobody handles, so that a slip of the pen shows in the request and not at night.
    """
    if registration_for(kind) is None:
        raise LookupError(f"no handler for the effect {kind!r}")
    effect = Effect.objects.create(kind=kind, payload=dict(payload or {}), due_at=due_at or timezone.now())
    if due_at is None or due_at <= timezone.now():
        if at_once:
            transaction.on_commit(partial(_carry_out_here, effect.pk))
        else:
            _ring_after_commit()
    return effect


def enqueue_all(kind: str, payloads: Iterable[tuple[Mapping[str, Any], datetime]]) -> None:
    """`enqueue` for thousands of one kind, each with the moment when it is due, in a few statements."""
    if registration_for(kind) is None:
        raise LookupError(f"no handler for the effect {kind!r}")
    effects = Effect.objects.bulk_create([Effect(kind=kind, payload=dict(payload), due_at=due_at) for payload, due_at in payloads], batch_size=BATCH)
    if any(effect.due_at <= timezone.now() for effect in effects):
        _ring_after_commit()


def drain(*, limit: int = 10_000, seconds: float = inf) -> int:
    """Carry out what is due, oldest first, and return how many effects were. Safe in any number of workers at once.

    After `seconds` it rings for another turn, so that what people wait for comes between.
    """
    done, until = 0, monotonic() + seconds
    while done < limit:
        taken = _carry_out_next()
        if taken == 0:
            break
        done += taken
        if monotonic() > until:
            ring()
            break
    return done


def retry_failed(*, kind: str | None = None) -> int:
    """Give effects that were given up, or wait long after a few failures, another round of attempts; return how many."""
    failed = Effect.objects.filter(Q(failed_at__isnull=False) | Q(attempts__gte=FEW_TRIES))
    if kind:
        failed = failed.filter(kind=kind)
    with transaction.atomic():
        count = failed.update(failed_at=None, attempts=0, due_at=timezone.now())
        _ring_after_commit()
    return count


def _ring_after_commit() -> None:
    """Once for all effects of a transaction: a worker takes whatever is due. Where a part of it is taken back, what had rung there is forgotten with it."""
    if not any(hook[1] is ring for hook in connection.run_on_commit):
        transaction.on_commit(ring)


def _carry_out_here(pk: int) -> None:
    """In the process that asked. Never raises: what fails is left to a worker, unless one has taken it already."""
    try:
        with transaction.atomic():
            effect = _due().filter(pk=pk).first()
            if effect is not None:
                _run(effect.kind, registration_for(effect.kind), [effect])
                effect.delete()
    except Exception as error:  # whatever it is, the effect is still there
        logger.warning("an effect could not be carried out at once and waits for a worker: %r", error)
        with suppress(DatabaseError):
            Effect.objects.filter(pk=pk).update(last_error=reason_of(error))  # this process lives: the row does not count as begun
        ring()


def _carry_out_next() -> int:
    """Take the oldest effect that is due, with others of its kind if its handler takes several, and run the handler.

    The rows are locked until the end, so that a worker that dies leaves them to the next one. A failure may come as late as the commit, where
    PostgreSQL looks at foreign keys; it is noted like any other, so that such an effect does not stay the first for ever. Nor does one that workers die of.
    """
    effects: list[Effect] = []
    try:
        with transaction.atomic():
            effects = _take_next()
            if effects:
                _run(effects[0].kind, registration_for(effects[0].kind), effects)
                Effect.objects.filter(pk__in=[effect.pk for effect in effects]).delete()
    except _BegunError as left:
        logger.warning("effects were left by a worker that ended: %s", left.effects)
        _put_off(left.effects, DIED)
        return len(left.effects)
    except Exception as error:
        if not effects or not connection.is_usable():
            raise
        _note_failure(effects, error)
    return len(effects)


class _BegunError(Exception):
    """Effects that some worker has begun and not ended; they are counted before they are tried again."""

    def __init__(self, effects: list[Effect]) -> None:
        self.effects = effects
        super().__init__(effects)


def _take_next() -> list[Effect]:
    """What is locked here and not carried out would count as begun, so those that were begun and those that were not are never taken together."""
    first = _due().first()
    if first is None:
        return []
    if first.begun:
        raise _BegunError(list(_due().exclude(begun=0)[:BATCH]))
    registration = registration_for(first.kind)
    effects = [first]
    if registration is not None and (others := registration.batch // 10**first.attempts - 1) > 0:
        effects += _due().filter(kind=first.kind, attempts=first.attempts, begun=0).exclude(pk=first.pk)[:others]
    return effects


def _due():
    """`begun` is not 0 where a transaction has locked the row before and has not ended well: its worker died, or was killed. An update sets it back."""
    due = Effect.objects.select_for_update(skip_locked=True).filter(failed_at__isnull=True, due_at__lte=timezone.now()).order_by("due_at", "id")
    return due.annotate(begun=RawSQL("outbox_effect.xmax::text::bigint", [], output_field=BigIntegerField()))


def _run(kind: str, registration: Registration | None, effects: list[Effect]) -> None:
    if registration is None:
        raise LookupError(f"no handler for the effect {kind!r}")
    registration.run([effect.payload for effect in effects])


def _note_failure(effects: list[Effect], error: Exception) -> None:
    """Put the effects off, each time for longer. A batch that failed is tried by tenths, and those by tenths, so that one bad row holds up no other for long.

    What is no fault of theirs, like a full disk, is not counted. What another worker has taken up or carried out meanwhile is left to it.
    """
    _put_off(effects, storable("".join(traceback.format_exception(error)))[-4_000:], counted=not is_everybodys(error))
    logger.warning("effect %s failed (attempt %s): %s", effects[0].kind, effects[0].attempts + 1, storable(str(error)))


def _put_off(effects: Iterable[Effect], reason: str, *, counted: bool = True) -> None:
    """By updates that lock nothing before, for a lock of the same transaction would stay on the row as `begun`. What another worker holds is left to it."""
    now = timezone.now()
    for effect in effects:
        attempts = effect.attempts + counted
        values = {"attempts": attempts, "last_error": reason, "due_at": now + min(LONGEST_WAIT, timedelta(seconds=2**attempts))}
        if attempts >= MAX_ATTEMPTS:
            values["failed_at"] = now
        with suppress(OperationalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '500ms'")
            Effect.objects.filter(pk=effect.pk, attempts=effect.attempts).update(**values)
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
