"""How quick a report came: a pure function of the calendar, the due day and the day on which it was handed in.

The working days after the due day are kept with the call and move with the calendar, so that a list reads no calendar for its rows.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import F, Q

from portal.calendar.working_time import WorkingCalendar
from portal.organization.querysets import today

DAY = timedelta(days=1)
MOST_COUNTED = 60  # working days; what is later is said to be more than so late
LONGEST = 366  # days that are looked through


def late_days(calendar: WorkingCalendar, due_on: date) -> list[date]:
    """The first working days after the due day; where none is worked for a year, the next day is taken for one."""
    following = (due_on + number * DAY for number in range(1, LONGEST + 1))
    return list(islice((day for day in following if calendar.is_working(day)), MOST_COUNTED)) or [due_on + DAY]


def clock_of(calendar: WorkingCalendar, due_on: date) -> dict[str, Any]:
    """What a call keeps of it: from when on reports are late, and by how much."""
    days = late_days(calendar, due_on)
    return {"late_from": days[0], "late_days": days}


def days_late(days: Sequence[date], day: date) -> int:
    """Of the working days after the due day, how many had come on a day; nought is in time."""
    return bisect_right(days, day)


def is_late() -> Q:
    """Of rows: handed in late, or owed and late already."""
    return Q(handed_in_on__gte=F("call__late_from")) | Q(handed_in_on__isnull=True, call__late_from__lte=today())


def is_in_time() -> Q:
    """Of rows: handed in, and not late."""
    return Q(handed_in_on__lt=F("call__late_from"))


def has_time() -> Q:
    """Of rows: owed, and not late yet."""
    return Q(handed_in_on__isnull=True, call__late_from__gt=today())
