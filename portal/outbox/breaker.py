"""Not waiting twice for a server that hangs."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Breaker:
    """Remembers that a server kept someone waiting in vain, so that nobody else waits for it during the pause. For the threads of one process.

    A server that refuses at once costs nothing and is asked again each time.
    """

    def __init__(self, *, pause: float, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Both in seconds; a failure that took longer than `patience` begins a pause."""
        self.pause, self.patience, self.clock = pause, patience, clock
        self._silent_until: float | None = None
        self._lock = threading.Lock()

    def may_try(self) -> bool:
        """After a pause one caller finds out how the server is, while the others still go on without it."""
        with self._lock:
            if self._silent_until is None:
                return True
            if self.clock() < self._silent_until:
                return False
            self._silent_until = self.clock() + self.pause
            return True

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around the asking. Lets failures through."""
        begun = self.clock()
        try:
            yield
        except Exception:
            is_hanging = self.clock() - begun > self.patience
            with self._lock:
                self._silent_until = self.clock() + self.pause if is_hanging else None
            raise
        with self._lock:
            self._silent_until = None
