"""Clocks of service: pure functions of the calendar and of what happened. Business time runs; nothing pauses it but waiting for the customer (R99)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.calendar.working_time import WorkingCalendar

Pause = tuple[datetime, datetime | None]  # from, until; None while it lasts


def due_of(calendar: WorkingCalendar, started_at: datetime, hours: int, pauses: Sequence[Pause] = ()) -> datetime | None:
    """When so many hours will have run since `started_at`; None while a pause lasts before which they had not. `pauses` are apart and in their order."""
    left, running = timedelta(hours=hours), started_at
    for begins_at, ends_at in pauses:
        worked = calendar.between(running, begins_at)
        if worked >= left:
            break
        if ends_at is None:
            return None
        left, running = left - worked, ends_at
    return calendar.add_hours(running, left)


def ran(calendar: WorkingCalendar, started_at: datetime, until: datetime, pauses: Sequence[Pause] = ()) -> timedelta:
    """How much business time ran until a moment."""
    worked = calendar.between(started_at, until)
    for begins_at, ends_at in pauses:
        first, last = min(begins_at, until), min(ends_at or until, until)
        worked -= calendar.between(first, last)
    return worked
