"""Celery's way in."""

from celery import shared_task

from portal.backup.watching import back_up_tonight, tell_of_missing


@shared_task(acks_late=False)  # a backup that dies with its worker is made the next night, not again at once
def back_up_nightly() -> None:
    back_up_tonight()


@shared_task
def look_for_backup() -> None:
    tell_of_missing()
