"""Of several beats one works. Another takes over within a minute of the last sign of it."""

from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from portal.foundation.locks import TakenError, alone, still_held

BEAT_LOCK = 482250
LOOK_EVERY = 10.0
SILENCE = 40  # seconds


class OneBeat(PersistentScheduler):  # type: ignore[misc]  # Celery has no types
    """Beats while it holds the lock; without the database none does, and no task of ours could be done."""

    _own: BaseDatabaseWrapper | None = None
    _has_waited = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lock = ExitStack()
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if not self.leads():
            return LOOK_EVERY
        return min(float(super().tick(*args, **kwargs)), LOOK_EVERY)

    def leads(self) -> bool:
        """Whether this is the one, which it becomes where there is none."""
        if self._own is not None and still_held(self._own):
            return True
        self._lock.close()
        self._own = None
        try:
            self._own = self._lock.enter_context(alone(BEAT_LOCK, silence=SILENCE))
        except TakenError:
            self._has_waited = True
        except DatabaseError:
            return False
        if self._own is not None and self._has_waited:
            self._go_on()
        return self._own is not None

    def close(self) -> None:
        self._lock.close()
        super().close()

    def _go_on(self) -> None:
        """Where the other ended: what fell due since its last sign is due now, what it did before is not done again."""
        self._has_waited = False
        for entry in self.schedule.values():
            entry.last_run_at = entry.default_now() - timedelta(seconds=SILENCE + 2 * LOOK_EVERY)
        self._heap = None
