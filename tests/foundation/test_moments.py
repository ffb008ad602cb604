"""Days and moments, as people and addresses write them."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from portal.foundation.moments import DayField, MomentField, read_day, read_moment


def test_a_day_and_a_moment_are_taken_within_the_years_of_a_plant():
    assert DayField().clean("2026-11-24") == date(2026, 11, 24)
    assert MomentField().clean("2026-11-24T18:00").hour == 18
    assert DayField(required=False).clean("") is None


@pytest.mark.parametrize("year", ["0001", "0202", "1929", "2200", "9999"])
def test_a_year_that_nobody_means_is_refused_with_a_sentence(year):
    for refusing, text in ((DayField(), f"{year}-12-31"), (MomentField(), f"{year}-01-01T00:00")):
        with pytest.raises(ValidationError, match="2199"):
            refusing.clean(text)


@pytest.mark.parametrize("text", ["", "2026-02-30", "0000-00-00", "9999-12-31", "0001-01-01", "heute", "\x00", "2026-11-24 "])
def test_what_is_no_day_in_an_address_is_none(text):
    assert read_day(text) is None


def test_a_day_in_an_address_is_read():
    assert read_day("2026-11-24") == date(2026, 11, 24)


@pytest.mark.parametrize(
    "text", ["", "2026-02-30T00:00:00+08:00", "2026-11-24T10:00:00", "2026-11-24T10:00+99:99", "9999-12-31T23:59-23:00", "0001-01-01T00:00Z"]
)
def test_what_is_no_moment_with_a_zone_is_none(text):
    assert read_moment(text) is None


def test_a_moment_with_its_zone_is_read():
    assert read_moment("2026-11-24T10:00:00+00:00") == datetime(2026, 11, 24, 10, tzinfo=UTC)
