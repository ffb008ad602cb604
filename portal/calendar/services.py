"""Keeping the calendar. What is due is computed from it, so a corrected day moves it; whoever stored a due is told."""

from datetime import date, timedelta
from typing import Any

from chinese_calendar import get_holiday_detail
from chinese_calendar.constants import Holiday, holidays
from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.services import record, snapshot
from portal.calendar.errors import CalendarError
from portal.calendar.models import CalendarDay, WorkingHours
from portal.calendar.registry import announce_calendar
from portal.calendar.working_time import FRIDAY, read_spans, write_spans

FIELDS = ("day", "kind", "name")
KNOWN_YEARS = range(min(holidays).year, max(holidays).year + 1)
CHINESE = {holiday.value: holiday.chinese for holiday in Holiday}


@transaction.atomic
def set_day(day: date, *, kind: str, name: str = "", actor: Any) -> CalendarDay:
    """Say what a day is in the plant. What is set by hand stays when the year is filled again."""
    if kind not in CalendarDay.Kind.values:
        raise ValueError(f"not a kind of day: {kind!r}")
    stored = CalendarDay.objects.select_for_update().filter(day=day).first()
    before = snapshot(stored, *FIELDS) if stored else {}
    row, _is_new = CalendarDay.objects.update_or_create(day=day, defaults={"kind": kind, "name": name, "is_kept_by_hand": True})
    after = snapshot(row, *FIELDS)
    if after != before:
        record(actor, "calendar.day_set", row, before=before, after=after)
        announce_calendar(day, day)
    return row


@transaction.atomic
def fill_year(year: int, *, actor: Any) -> int:
    """Enter the public holidays and make-up days of a year, as the State Council announced them; returns how many days were entered.

    Days that were set by hand stay. Refuses a year that is not known yet.
    """
    if year not in KNOWN_YEARS:
        raise CalendarError(_("The holidays of %(year)s are not known to the portal. Set the days by hand when they are announced.") % {"year": year})
    kept = set(CalendarDay.objects.filter(day__year=year, is_kept_by_hand=True).values_list("day", flat=True))
    rows = [row for row in _announced(year) if row.day not in kept]
    before = list(CalendarDay.objects.filter(day__year=year, is_kept_by_hand=False).values_list("day", "kind", "name"))
    if before == [(row.day, row.kind, row.name) for row in rows]:
        return 0
    CalendarDay.objects.filter(day__year=year, is_kept_by_hand=False).delete()
    CalendarDay.objects.bulk_create(rows)
    record(actor, "calendar.year_filled", None, after={"year": year, "days": len(rows)})
    announce_calendar(date(year, 1, 1), date(year, 12, 31))
    return len(rows)


@transaction.atomic
def set_hours(starts_on: date, *, spans: str, actor: Any) -> WorkingHours:
    """The hours of every working day from a day on, until others are set. Refuses what is no hours."""
    written = write_spans(read_spans(spans))
    row, _is_new = WorkingHours.objects.update_or_create(starts_on=starts_on, defaults={"spans": written})
    record(actor, "calendar.hours_set", row, after=snapshot(row, "starts_on", "spans"))
    announce_calendar(starts_on, date.max)
    return row


def _announced(year: int) -> list[CalendarDay]:
    rows, day = [], date(year, 1, 1)
    while day.year == year:
        is_rest, occasion = get_holiday_detail(day)
        name = CHINESE.get(occasion or "", "")
        if is_rest and (name or day.weekday() <= FRIDAY):
            rows.append(CalendarDay(day=day, kind=CalendarDay.Kind.REST, name=name))
        elif not is_rest and day.weekday() > FRIDAY:
            rows.append(CalendarDay(day=day, kind=CalendarDay.Kind.MAKE_UP, name=name))
        day += timedelta(days=1)
    return rows
