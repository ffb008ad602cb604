"""Celery's way in."""

from celery import shared_task

from portal.administration.calendar_watch import tell_of_missing_year


@shared_task
def look_for_next_year() -> bool:
    return tell_of_missing_year()
