"""Dates as people say them."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from portal.foundation.dates import exact_instant, say_day, say_greeting, say_instant

PLANT = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 15, 10, tzinfo=PLANT)  # a Monday


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 11, 23, 14, 5, tzinfo=PLANT), "today 14:05"),
        (datetime(2026, 11, 23, 0, 0, tzinfo=PLANT), "today 00:00"),
        (datetime(2026, 11, 22, 23, 59, tzinfo=PLANT), "yesterday 23:59"),
        (datetime(2026, 11, 24, 8, 0, tzinfo=PLANT), "tomorrow 08:00"),
        (datetime(2026, 11, 21, 8, 0, tzinfo=PLANT), "Sat"),
        (datetime(2026, 11, 17, 8, 0, tzinfo=PLANT), "Tue"),
        (datetime(2026, 11, 16, 8, 0, tzinfo=PLANT), "11-16"),
        (datetime(2026, 11, 26, 8, 0, tzinfo=PLANT), "11-26"),
        (datetime(2025, 12, 31, 23, 0, tzinfo=PLANT), "2025-12-31"),
    ],
)
def test_instant_is_said_as_shortly_as_it_can_be(instant, words):
    assert say_instant(instant, now=NOW) == words


def test_day_is_the_plants_day_not_the_servers():
    late_in_london = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert say_instant(late_in_london, now=NOW) == "today 00:30"
    assert exact_instant(late_in_london) == "2026-11-23 00:30:00"


def test_a_coming_weekday_is_never_said_like_a_past_one():
    assert say_day(date(2026, 11, 20), today=NOW.date()) == "Fri"
    assert say_day(date(2026, 11, 27), today=NOW.date()) == "11-27"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (time(5, 0), "Good morning"),
        (time(11, 59), "Good morning"),
        (time(12, 0), "Good afternoon"),
        (time(18, 0), "Good evening"),
        (time(3, 0), "Good evening"),
    ],
)
def test_greeting_follows_the_clock(moment, words):
    assert say_greeting(moment) == words
