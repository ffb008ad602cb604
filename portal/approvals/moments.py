"""The moment at which an act happens: now, unless a history is being told (the demo plant's)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_told_at: ContextVar[datetime | None] = ContextVar("told_at", default=None)


def moment() -> datetime:
    return _told_at.get() or timezone.now()


def is_history() -> bool:
    """Whether what happens is told of the past: nobody is rung for it."""
    return _told_at.get() is not None


@contextmanager
def told_at(at: datetime) -> Iterator[None]:
    """All acts inside happen at this moment."""
    token = _told_at.set(at)
    try:
        yield
    finally:
        _told_at.reset(token)
