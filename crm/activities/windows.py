"""Windows: the weeks and months in which something is promised. Pure; days are the plant's, both ends included."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

ONE_DAY = timedelta(days=1)
EPOCH = date(2024, 1, 1)  # a Monday
Window = tuple[date, date]


class Unit(TextChoices):
    WEEK = "week", pgettext_lazy("how often", "weeks")
    MONTH = "month", pgettext_lazy("how often", "months")


def week_of(day: date) -> Window:
    """From Monday to Sunday."""
    first = day - timedelta(days=day.weekday())
    return first, first + timedelta(days=6)


def month_of(day: date) -> Window:
    return day.replace(day=1), _first_of(day.year * 12 + day.month) - ONE_DAY


def window_of(unit: str, every: int, day: date) -> Window:
    """The window in which a day lies, of those that follow each other every so many weeks or months."""
    if unit == Unit.WEEK:
        number = (day - EPOCH).days // 7 // every
        first = EPOCH + timedelta(weeks=number * every)
        return first, first + timedelta(weeks=every) - ONE_DAY
    number = (day.year * 12 + day.month - 1) // every
    return _first_of(number * every), _first_of((number + 1) * every) - ONE_DAY


def windows_begun(unit: str, every: int, first: date, last: date) -> Iterator[Window]:
    """Those that begin on a day from `first` to `last`."""
    window = window_of(unit, every, first)
    if window[0] < first:
        window = window_of(unit, every, window[1] + ONE_DAY)
    while window[0] <= last:
        yield window
        window = window_of(unit, every, window[1] + ONE_DAY)


def _first_of(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
