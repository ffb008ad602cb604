"""The calendar on its pages, and the bell of a year that is missing."""

from datetime import date, datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.administration.calendar_watch import tell_of_missing_year
from portal.calendar.models import CalendarDay, WorkingHours
from portal.calendar.services import set_day
from portal.outbox.models import Effect

pytestmark = pytest.mark.django_db


def test_the_calendar_is_kept_on_its_pages_and_mistakes_are_said(cast, client_for):
    keeper = client_for(cast.admin)
    page, year, hours, new = (reverse(f"administration:{name}") for name in ("calendar", "calendar_year", "calendar_hours", "calendar_day_new"))
    assert keeper.post(year, {"year": 2026}).status_code == 302
    shown = keeper.get(f"{page}?days_from=2026-10-01&days_to=2026-10-10").content.decode()
    assert "国庆" in shown
    assert keeper.post(year, {"year": 2090}).status_code == 422
    assert keeper.post(new, {"day": "2026-10-08", "kind": "rest", "name": "设备检修"}).status_code == 302
    row = CalendarDay.objects.get(day=date(2026, 10, 8))
    assert "设备检修" in keeper.get(reverse("administration:calendar_day", args=[row.pk])).content.decode()
    assert keeper.post(hours, {"starts_on": "2026-10-09", "spans": "9:00-12:00，13:00-17:00"}).status_code == 302
    refused = keeper.post(hours, {"starts_on": "2026-10-09", "spans": "早九晚五"})
    assert (refused.status_code, "早九晚五" in refused.content.decode()) == (422, True)
    assert WorkingHours.objects.get().spans == "09:00-12:00 13:00-17:00"


def test_administrators_are_told_from_november_on_that_next_year_is_missing(cast):
    for month, is_told in ((10, False), (11, True)):
        with time_machine.travel(timezone.make_aware(datetime(2026, month, 9, 9)), tick=False):
            assert tell_of_missing_year() is is_told
            assert Effect.objects.filter(payload__kind="calendar.missing").exists() is is_told
    set_day(date(2027, 1, 1), kind="rest", actor=cast.admin)
    with time_machine.travel(timezone.make_aware(datetime(2026, 11, 9, 9)), tick=False):
        assert not tell_of_missing_year()
