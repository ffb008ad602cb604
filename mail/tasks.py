"""Celery's way in."""

from celery import shared_task

from mail.services.keeping import purge_old
from mail.services.limits import apply_limits


@shared_task
def purge_old_mail() -> int:
    apply_limits()  # levels change by the day
    return purge_old()
