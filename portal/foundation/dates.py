"""Dates as people say them: today 14:05, yesterday, Mon, 11-22."""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

WEEKDAYS = (
    gettext_noop("Mon"),
    gettext_noop("Tue"),
    gettext_noop("Wed"),
    gettext_noop("Thu"),
    gettext_noop("Fri"),
    gettext_noop("Sat"),
    gettext_noop("Sun"),
)


def say_instant(instant: datetime, *, now: datetime | None = None) -> str:
    """An instant in the plant's time zone, as short as it can be said now."""
    local = timezone.localtime(instant) if timezone.is_aware(instant) else instant
    today = timezone.localtime(now).date() if now else timezone.localdate()
    days = (local.date() - today).days
    if days == 0:
        return _("today %(time)s") % {"time": f"{local:%H:%M}"}
    if days == -1:
        return _("yesterday %(time)s") % {"time": f"{local:%H:%M}"}
    if days == 1:
        return _("tomorrow %(time)s") % {"time": f"{local:%H:%M}"}
    return say_day(local.date(), today=today)


def say_day(day: date, *, today: date | None = None) -> str:
    """A date: today, yesterday, tomorrow, a weekday within the last six days, 11-22 within the year, else 2025-11-22."""
    today = today or timezone.localdate()
    days = (day - today).days
    if days == 0:
        return _("today")
    if days == -1:
        return _("yesterday")
    if days == 1:
        return _("tomorrow")
    if -7 < days < 0:
        return _(WEEKDAYS[day.weekday()])
    if day.year == today.year:
        return f"{day:%m-%d}"
    return f"{day:%Y-%m-%d}"


def say_long_day(day: date) -> str:
    """A date with its weekday, for headings: Mon, Nov 23."""
    return date_format(day, _("D, M j"))


def exact_instant(instant: datetime) -> str:
    """The exact time, for tooltips and print."""
    local = timezone.localtime(instant) if timezone.is_aware(instant) else instant
    return f"{local:%Y-%m-%d %H:%M:%S}"


def say_greeting(moment: time) -> str:
    """Good morning until noon, good afternoon until six, then good evening; before five it is still evening."""
    if 5 <= moment.hour < 12:
        return _("Good morning")
    if 12 <= moment.hour < 18:
        return _("Good afternoon")
    return _("Good evening")
