"""Who wants to know when the calendar changes: modules that stored what they computed from it. Called in the transaction of the change."""

from collections.abc import Callable
from datetime import date

Listener = Callable[[date, date], None]

_listeners: list[Listener] = []


def register_calendar_listener(listener: Listener) -> None:
    """`listener(first_day, last_day)` renews what was computed over these days, or enqueues an effect that does."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce_calendar(first_day: date, last_day: date) -> None:
    for listener in _listeners:
        listener(first_day, last_day)
