"""Computing with working time. Nothing here asks the database: a calendar is a value."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.calendar.errors import CalendarError

ONE_DAY = timedelta(days=1)
FARTHEST = 10 * 366  # days that are looked through before it is said that nobody ever works
FRIDAY = 4
USUAL_HOURS = "08:00-12:00 13:30-17:30"

Span = tuple[time, time]
_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–—~至]\s*([01]?\d|2[0-3]):([0-5]\d)")


def read_spans(text: str) -> tuple[Span, ...]:
    """`08:00-12:00 13:30-17:30` as times, in their order. Refuses what is no hours, or hours that overlap."""
    spans = []
    for part in re.split(r"[\s,，;；、]+", re.sub(r"\s*([-–—~至])\s*", r"\1", text.strip().replace("：", ":"))):
        found = _SPAN.fullmatch(part)
        if not found:
            raise CalendarError(_("“%(text)s” is no span of hours. Write it as 08:00-12:00 13:30-17:30.") % {"text": part})
        first_hour, first_minute, last_hour, last_minute = (int(number) for number in found.groups())
        spans.append((time(first_hour, first_minute), time(last_hour, last_minute)))
    bounds = [bound for span in spans for bound in span]
    if any(later <= earlier for earlier, later in zip(bounds[::2], bounds[1::2], strict=True)) or bounds != sorted(bounds):
        raise CalendarError(_("Each span ends after it begins, and before the next one begins."))
    return tuple(spans)


def write_spans(spans: Sequence[Span]) -> str:
    return " ".join(f"{first:%H:%M}-{last:%H:%M}" for first, last in spans)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """`days` says of single days whether they are worked; `hours` are the hours from a day on, by that day in order."""

    days: Mapping[date, bool] = field(default_factory=dict)
    hours: Sequence[tuple[date, tuple[Span, ...]]] = ()

    def is_working(self, day: date) -> bool:
        return self.days.get(day, day.weekday() <= FRIDAY)

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The hours that are worked on a day; none on a rest day."""
        if not self.is_working(day):
            return ()
        place = bisect_right(self.hours, day, key=lambda row: row[0])
        return self.hours[place - 1][1] if place else read_spans(USUAL_HOURS)

    def add_hours(self, start: datetime, hours: timedelta) -> datetime:
        """The moment at which so much has been worked since `start`. Nothing to work is done at once."""
        if hours < timedelta(0):
            raise ValueError("working time is added, not taken away")
        left = hours
        if not left:
            return start
        for first, last in self._worked_since(start):
            if left <= last - first:
                return first + left
            left -= last - first
        raise CalendarError(_("By the calendar nobody works within ten years."))

    def add_days(self, start: datetime, days: int) -> datetime:
        """The end of work on the so-many-th working day after the day of `start`, which does not count itself; of 0 days, the next end of work."""
        if days < 0:
            raise ValueError("working time is added, not taken away")
        local = timezone.localtime(start)
        counted = 0
        for _number, day in self._days_from(local.date()):
            spans = self.spans_on(day)
            if not spans:
                continue
            ends_at = timezone.make_aware(datetime.combine(day, spans[-1][1]))
            if day > local.date():
                counted += 1
            if counted >= days and ends_at >= start:
                return ends_at
        raise CalendarError(_("By the calendar nobody works within ten years."))

    def same_time(self, start: datetime, ends_at: datetime) -> datetime:
        """The time of day of `start` on the working day that ends at `ends_at`, not before work begins and not after it ends."""
        first, last = self.spans_on(timezone.localtime(ends_at).date())[0][0], timezone.localtime(ends_at).time()
        at = min(max(timezone.localtime(start).time(), first), last)
        return timezone.make_aware(datetime.combine(timezone.localtime(ends_at).date(), at))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How much is worked from the one moment to the other; less than nothing where the second is the earlier one."""
        if end < start:
            return -self.between(end, start)
        worked = timedelta(0)
        day, last_day = timezone.localtime(start).date(), timezone.localtime(end).date()
        while day <= last_day:
            for first, last in self.moments_of(day):
                worked += max(timedelta(0), min(last, end) - max(first, start))
            day += ONE_DAY
        return worked

    def _worked_since(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        for _number, day in self._days_from(timezone.localtime(start).date()):
            for first, last in self.moments_of(day):
                if last > start:
                    yield max(first, start), last

    def moments_of(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The spans of a day that count, as moments."""
        for first, last in self.spans_on(day):
            yield timezone.make_aware(datetime.combine(day, first)), timezone.make_aware(datetime.combine(day, last))

    def _days_from(self, day: date) -> Iterator[tuple[int, date]]:
        for number in range(FARTHEST):
            yield number, day + number * ONE_DAY
