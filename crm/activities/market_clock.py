"""How quick a report came: a pure function of the calendar, the due day and the day on which it was handed in."""

from datetime import date, timedelta

from django.db.models import F, Q

from portal.calendar.working_time import WorkingCalendar
from portal.organization.querysets import today

DAY = timedelta(days=1)
LONGEST_REST = 60  # days without work, after which the next is taken for one that is worked


def late_from(calendar: WorkingCalendar, due_on: date) -> date:
    """The first day on which it is late: the first working day after the due day."""
    following = (due_on + number * DAY for number in range(1, LONGEST_REST + 1))
    return next((day for day in following if calendar.is_working(day)), due_on + DAY)


def days_late(calendar: WorkingCalendar, due_on: date, day: date) -> int:
    """Working days after the due day, up to a day; nought is in time."""
    return sum(calendar.is_working(due_on + number * DAY) for number in range(1, (day - due_on).days + 1))


def is_late() -> Q:
    """Of rows: handed in late, or owed and late already."""
    return Q(handed_in_on__gte=F("call__late_from")) | Q(handed_in_on__isnull=True, call__late_from__lte=today())


def is_in_time() -> Q:
    """Of rows: handed in, and not late."""
    return Q(handed_in_on__lt=F("call__late_from"))


def has_time() -> Q:
    """Of rows: owed, and not late yet."""
    return Q(handed_in_on__isnull=True, call__late_from__gt=today())
