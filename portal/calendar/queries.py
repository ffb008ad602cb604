"""The calendar as it is kept, and what is due by it."""

from datetime import datetime, timedelta

from portal.calendar.clocks import counting
from portal.calendar.models import CalendarDay, WorkingHours
from portal.calendar.working_time import WorkingCalendar, read_spans
from portal.foundation.kept import Kept

ROWS = "(SELECT xmin, ctid FROM calendar_calendarday UNION ALL SELECT xmin, ctid FROM calendar_workinghours) AS line"


def read_calendar() -> WorkingCalendar:
    """All of it (some 40 rows a year), as it is now."""
    return _calendar.get()


def _read_calendar() -> WorkingCalendar:
    days = {row.day: row.is_working for row in CalendarDay.objects.all()}
    hours = [(row.starts_on, read_spans(row.spans)) for row in WorkingHours.objects.order_by("starts_on")]
    return WorkingCalendar(days, hours)


_calendar = Kept(_read_calendar, ROWS, "line")


def add_working_time(start: datetime, *, hours: float | None = None, days: int | None = None, keeps_time: bool = False) -> datetime:
    """When so many working hours will have passed, or the end of work on the so-many-th working day after. Say one of the two.

    `keeps_time`: on that day not the end of work, but the time of day of the start, or the nearest that is worked.
    """
    if (hours is None) == (days is None):
        raise ValueError("say hours or days")
    calendar = read_calendar()
    if days is None:
        return calendar.add_hours(start, timedelta(hours=hours or 0))
    ends_at = calendar.add_days(start, days)
    return calendar.same_time(start, ends_at) if keeps_time else ends_at


def working_time_between(start: datetime, end: datetime) -> timedelta:
    return read_calendar().between(start, end)


def is_year_kept(year: int) -> bool:
    """Whether the holidays of a year were entered: no year is without."""
    return CalendarDay.objects.filter(day__year=year, kind=CalendarDay.Kind.REST).exists()


def hours_that_count(measure: str) -> WorkingCalendar:
    """The calendar as it is now, with the hours that count by a measure of `portal.calendar.clocks`."""
    return counting(read_calendar(), measure)
