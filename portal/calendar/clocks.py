"""Clocks: until when something is due, and how it stands, from a calendar and what happened. Nothing here asks the database or the time of day.

A clock runs from a moment, for so long, by a measure. Nothing stops it but waiting for somebody outside, which is said with its beginning and its end.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from portal.calendar.working_time import ONE_DAY, WorkingCalendar

NOTHING = timedelta(0)


class Measure(TextChoices):
    """Which hours count."""

    WORKED = "worked", pgettext_lazy("of a clock", "hours of work")
    DAYS = "days", pgettext_lazy("of a clock", "hours of working days, day and night")
    WALL = "wall", pgettext_lazy("of a clock", "all hours")


class WholeDays(WorkingCalendar):
    """Working days count from midnight to midnight: 24 hours end at the same time of the next working day."""

    def moments_of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.is_working(day):
            yield _midnight(day), _midnight(day + ONE_DAY)


class EveryHour(WorkingCalendar):
    """Every day counts from midnight to midnight."""

    def moments_of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        yield _midnight(day), _midnight(day + ONE_DAY)


_MEASURED: dict[str, type[WorkingCalendar]] = {Measure.WORKED: WorkingCalendar, Measure.DAYS: WholeDays, Measure.WALL: EveryHour}


def counting(calendar: WorkingCalendar, measure: str) -> WorkingCalendar:
    """The calendar with the hours that count by a measure: its `add_hours` and `between` are the clock's."""
    return _MEASURED[measure](calendar.days, calendar.hours)


@dataclass(frozen=True, slots=True)
class Wait:
    """Waiting for the customer, from a moment to a moment; without an end it still waits."""

    since: datetime
    until: datetime | None = None


class ClockState(TextChoices):
    RUNNING = "running", pgettext_lazy("of a clock", "running")
    LATE = "late", pgettext_lazy("of a clock", "past its time")
    WAITING = "waiting", pgettext_lazy("of a clock", "waiting for the customer")
    KEPT = "kept", pgettext_lazy("of a clock", "in time")
    MISSED = "missed", pgettext_lazy("of a clock", "too late")


@dataclass(frozen=True, slots=True)
class Clock:
    """How a clock stands at a moment. `due_at` is None while it waits; `left` is less than nothing where it is late."""

    state: ClockState
    due_at: datetime | None
    spent: timedelta
    left: timedelta


def due_of(hours: WorkingCalendar, *, started_at: datetime, allowed: timedelta, waits: Iterable[Wait] = ()) -> datetime | None:
    """When so much will have been counted since the start, what was waited left out; None while it waits with something left."""
    at, left = started_at, allowed
    for wait in sorted(waits, key=lambda one: one.since):
        if wait.since > at:
            counted = hours.between(at, wait.since)
            if counted >= left:
                break
            left -= counted
        if wait.until is None:
            return None
        at = max(at, wait.until)
    return hours.add_hours(at, left)


def spent_of(hours: WorkingCalendar, *, started_at: datetime, until: datetime, waits: Iterable[Wait] = ()) -> timedelta:
    """How much was counted from the start until a moment, what was waited left out."""
    at, spent = started_at, NOTHING
    for wait in sorted(waits, key=lambda one: one.since):
        if wait.since >= until:
            break
        if wait.since > at:
            spent += hours.between(at, wait.since)
        at = max(at, until if wait.until is None else wait.until)
    return spent + hours.between(at, until) if at < until else spent


def read_clock(
    hours: WorkingCalendar, *, started_at: datetime, allowed: timedelta, now: datetime, waits: Iterable[Wait] = (), ended_at: datetime | None = None
) -> Clock:
    """How it stands `now`; where it ended, how it ended."""
    kept = tuple(waits)
    moment = now if ended_at is None else min(ended_at, now)
    spent = spent_of(hours, started_at=started_at, until=moment, waits=kept)
    due_at = due_of(hours, started_at=started_at, allowed=allowed, waits=kept)
    is_late = due_at is not None and moment > due_at
    if ended_at is not None:
        state = ClockState.MISSED if is_late else ClockState.KEPT
    elif is_late:
        state = ClockState.LATE
    else:
        state = ClockState.WAITING if due_at is None else ClockState.RUNNING
    return Clock(state, due_at, spent, allowed - spent)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
