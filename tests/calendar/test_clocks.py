"""Clocks over 10,000 random cases across the holidays and make-up days of 2026, and what waiting does to them."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.utils import timezone

from portal.calendar.clocks import ClockState, Measure, Wait, counting, due_of, read_clock, spent_of
from portal.calendar.queries import hours_that_count
from portal.calendar.services import set_day
from portal.calendar.working_time import WorkingCalendar, read_spans

MADE_UP = (date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10))
HOLIDAYS = ((date(2026, 1, 1), 3), (date(2026, 2, 15), 9), (date(2026, 9, 25), 3), (date(2026, 10, 1), 7))
DAYS = {first + timedelta(number): False for first, length in HOLIDAYS for number in range(length)} | dict.fromkeys(MADE_UP, True)
CALENDAR = WorkingCalendar(DAYS, [(date(2026, 1, 1), read_spans("08:00-12:00 13:30-17:30")), (date(2026, 10, 5), read_spans("09:00-17:00"))])
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CASES = 10_000
STARTS = (datetime(2025, 12, 30), datetime(2026, 2, 11), datetime(2026, 9, 17), datetime(2026, 9, 29))


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def some_moment(dice: Random) -> datetime:
    return timezone.make_aware(dice.choice(STARTS)) + dice.randrange(9 * 24 * 60) * MINUTE


def test_adding_and_counting_are_inverse_monotone_and_additive_in_10000_cases() -> None:
    dice = Random(20)
    measured = [counting(CALENDAR, measure) for measure in Measure.values]
    for _number in range(CASES):
        hours, start = dice.choice(measured), some_moment(dice)
        one, other = (timedelta(minutes=dice.choice((0, dice.randrange(1, 1_500)))) for _ in range(2))
        middle, end = hours.add_hours(start, one), hours.add_hours(start, one + other)
        assert start <= middle <= end
        assert hours.add_hours(middle, other) == end
        assert (hours.between(start, middle), hours.between(middle, end), hours.between(start, end)) == (one, other, one + other)
        assert hours.between(end, start) == -(one + other)
        later = start + dice.randrange(600) * MINUTE
        assert hours.add_hours(start, one) <= hours.add_hours(later, one)


def test_waiting_moves_what_is_due_by_what_was_waited_and_by_nothing_else() -> None:
    dice = Random(21)
    for _number in range(1_500):
        hours, start = counting(CALENDAR, dice.choice(Measure.values)), some_moment(dice)
        allowed = timedelta(minutes=dice.randrange(1, 1_500))
        ends = sorted(start + dice.randrange(3 * 24 * 60) * MINUTE for _ in range(2 * dice.randrange(3)))
        waits = [Wait(since, until) for since, until in zip(ends[::2], ends[1::2], strict=True)]
        due = due_of(hours, started_at=start, allowed=allowed, waits=dice.sample(waits, len(waits)))
        plain = due_of(hours, started_at=start, allowed=allowed)
        assert due is not None
        assert plain is not None
        assert due >= plain
        assert spent_of(hours, started_at=start, until=due, waits=waits) == allowed
        spent = [spent_of(hours, started_at=start, until=start + day * timedelta(days=1), waits=waits) for day in range(6)]
        assert all(earlier <= after for earlier, after in pairwise(spent))


def test_by_the_plants_reading_24_hours_end_at_the_same_time_of_the_next_working_day() -> None:
    days = counting(CALENDAR, Measure.DAYS)
    for asked, due in (
        ("2026-09-17T15:00", "2026-09-18T15:00"),  # Thursday
        ("2026-09-18T15:00", "2026-09-20T15:00"),  # Friday; the Sunday is made up
        ("2026-09-19T15:00", "2026-09-21T00:00"),  # Saturday: all of the Sunday that is worked
        ("2026-09-30T16:30", "2026-10-08T16:30"),  # before the National Day
    ):
        assert due_of(days, started_at=at(asked), allowed=24 * HOUR) == at(due)
    assert due_of(counting(CALENDAR, Measure.WORKED), started_at=at("2026-09-30T16:30"), allowed=2 * HOUR) == at("2026-10-08T10:00")
    assert due_of(counting(CALENDAR, Measure.WALL), started_at=at("2026-09-30T16:30"), allowed=24 * HOUR) == at("2026-10-01T16:30")


def test_a_clock_says_how_it_stands_and_only_waiting_stops_it() -> None:
    hours, start = counting(CALENDAR, Measure.DAYS), at("2026-09-16T10:00")

    def state(now: str, *waits: Wait, ended: str = "") -> tuple[str, float]:
        clock = read_clock(hours, started_at=start, allowed=24 * HOUR, now=at(now), waits=waits, ended_at=at(ended) if ended else None)
        return clock.state, clock.left / HOUR

    assert state("2026-09-16T16:00") == (ClockState.RUNNING, 18)
    assert state("2026-09-17T10:00") == (ClockState.RUNNING, 0)
    assert state("2026-09-17T11:00") == (ClockState.LATE, -1)
    asked = Wait(at("2026-09-16T16:00"))
    assert state("2026-09-18T11:00", asked) == (ClockState.WAITING, 18)
    answered = Wait(asked.since, at("2026-09-17T16:00"))
    assert state("2026-09-18T09:00", answered) == (ClockState.RUNNING, 1)
    assert state("2026-09-18T11:00", answered, ended="2026-09-18T09:30") == (ClockState.KEPT, 0.5)
    assert state("2026-09-18T11:00", answered, ended="2026-09-18T10:30") == (ClockState.MISSED, -0.5)
    too_late = Wait(at("2026-09-17T12:00"))
    assert state("2026-09-18T11:00", too_late) == (ClockState.LATE, -2)


@pytest.mark.django_db
def test_a_corrected_calendar_is_the_one_that_is_counted(cast) -> None:
    start = at("2026-11-02T10:00")
    assert due_of(hours_that_count(Measure.DAYS), started_at=start, allowed=24 * HOUR) == at("2026-11-03T10:00")
    set_day(date(2026, 11, 3), kind="rest", name="设备检修", actor=cast.admin)
    assert due_of(hours_that_count(Measure.DAYS), started_at=start, allowed=24 * HOUR) == at("2026-11-04T10:00")
