"""Celery's way in."""

from celery import shared_task

from portal.access.services import refresh_day


@shared_task
def refresh_standings_of_the_day() -> int:
    return refresh_day()
