"""Working time against a naive count, minute by minute; holidays, make-up days, and what a correction moves."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.audit.models import AuditRecord
from portal.calendar import registry
from portal.calendar.errors import CalendarError
from portal.calendar.models import CalendarDay
from portal.calendar.queries import add_working_time, is_year_kept, working_time_between
from portal.calendar.services import KNOWN_YEARS, fill_year, set_day, set_hours
from portal.calendar.working_time import WorkingCalendar, read_spans, write_spans

FIRST = date(2026, 9, 28)
MINUTE = timedelta(minutes=1)
HOURS = ["08:00-12:00 13:30-17:30", "09:00-17:00", "00:00-00:05 23:50-23:59", "11:58-12:01 12:01-12:02"]
moments = st.integers(0, 12 * 24 * 60).map(lambda minutes: at(FIRST) + minutes * MINUTE)
calendars = st.builds(
    WorkingCalendar,
    st.dictionaries(st.integers(0, 14).map(lambda number: FIRST + timedelta(days=number)), st.booleans()),
    st.dictionaries(st.integers(-3, 14).map(lambda number: FIRST + timedelta(days=number)), st.sampled_from(HOURS).map(read_spans), max_size=3).map(
        lambda rows: sorted(rows.items())
    ),
)


def at(day: date, clock: str = "00:00") -> datetime:
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def is_worked(calendar: WorkingCalendar, moment: datetime) -> bool:
    local = timezone.localtime(moment)
    if not calendar.days.get(local.date(), local.weekday() < 5):
        return False
    hours = [spans for day, spans in calendar.hours if day <= local.date()]
    return any(first <= local.time() < last for first, last in (hours[-1] if hours else read_spans(HOURS[0])))


@given(calendar=calendars, start=moments, end=moments)
@settings(max_examples=60, deadline=None)
def test_what_is_worked_between_two_moments_is_what_counting_minutes_says(calendar: WorkingCalendar, start: datetime, end: datetime) -> None:
    earlier, later = min(start, end), max(start, end)
    count = sum(is_worked(calendar, earlier + number * MINUTE) for number in range(int((later - earlier) / MINUTE)))
    assert calendar.between(earlier, later) == count * MINUTE
    assert calendar.between(later, earlier) == -count * MINUTE


@given(calendar=calendars, start=moments, minutes=st.integers(0, 900))
@settings(max_examples=60, deadline=None)
def test_adding_hours_ends_with_the_last_minute_that_counting_needs(calendar: WorkingCalendar, start: datetime, minutes: int) -> None:
    moment, left = start, minutes
    while left:
        left -= is_worked(calendar, moment)
        moment += MINUTE
    assert calendar.add_hours(start, minutes * MINUTE) == moment
    assert calendar.between(start, moment) == minutes * MINUTE


@given(calendar=calendars, start=moments, days=st.integers(0, 12))
@settings(max_examples=60, deadline=None)
def test_adding_days_ends_with_the_last_worked_minute_of_that_day(calendar: WorkingCalendar, start: datetime, days: int) -> None:
    due = calendar.add_days(start, days)
    assert due >= start
    assert is_worked(calendar, due - MINUTE)
    assert not is_worked(calendar, due)
    first, last = timezone.localtime(start).date(), timezone.localtime(due).date()
    after = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    counted = sum(calendar.days.get(day, day.weekday() < 5) for day in after)
    assert counted == days or (days == 0 and counted == 1)


def test_what_is_no_hours_is_refused_and_signs_may_be_chinese() -> None:
    assert write_spans(read_spans("8：00至12：00，13:30 - 17:30")) == "08:00-12:00 13:30-17:30"
    for wrong in ("", "8-12", "12:00-08:00", "08:00-12:00 11:00-13:00", "24:00-25:00", "08:00-08:00"):
        with pytest.raises(CalendarError):
            read_spans(wrong)
    nobody = WorkingCalendar({FIRST + timedelta(days=number): False for number in range(4_000)})
    for ask in (lambda: nobody.add_hours(at(FIRST), MINUTE), lambda: nobody.add_days(at(FIRST), 1)):
        with pytest.raises(CalendarError):
            ask()


@pytest.mark.django_db
def test_the_national_day_of_2026_and_a_day_that_the_plant_corrects(cast, monkeypatch) -> None:
    heard: list[tuple[date, date]] = []
    monkeypatch.setattr(registry, "_listeners", [lambda first, last: heard.append((first, last))])
    assert not is_year_kept(2026)
    assert fill_year(2026, actor=cast.admin) == CalendarDay.objects.count()
    assert is_year_kept(2026)
    assert fill_year(2026, actor=cast.admin) == 0
    kinds = dict(CalendarDay.objects.values_list("day", "kind"))
    assert [kinds.get(date(2026, *day)) for day in ((10, 1), (10, 7), (10, 8), (10, 10))] == ["rest", "rest", None, "make_up"]
    start = at(date(2026, 9, 30), "16:30")
    assert add_working_time(start, days=1) == at(date(2026, 10, 8), "17:30")
    assert add_working_time(start, hours=2) == at(date(2026, 10, 8), "09:00")
    assert working_time_between(start, at(date(2026, 10, 8), "09:00")) == timedelta(hours=2)
    set_day(date(2026, 10, 8), kind="rest", name="设备检修", actor=cast.admin)
    assert add_working_time(start, days=1) == at(date(2026, 10, 9), "17:30")
    assert fill_year(2026, actor=cast.admin) == 0
    assert CalendarDay.objects.get(day=date(2026, 10, 8)).name == "设备检修"
    set_hours(date(2026, 10, 9), spans="09:00-12:00", actor=cast.admin)
    assert add_working_time(start, days=1) == at(date(2026, 10, 9), "12:00")
    assert heard == [(date(2026, 1, 1), date(2026, 12, 31)), (date(2026, 10, 8),) * 2, (date(2026, 10, 9), date.max)]
    assert AuditRecord.objects.filter(verb__startswith="calendar.").count() == 3
    with pytest.raises(CalendarError):
        fill_year(KNOWN_YEARS[-1] + 1, actor=cast.admin)
