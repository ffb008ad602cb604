"""Celery's way in."""

from celery import shared_task

from mail.services.keeping import purge_old


@shared_task
def purge_old_mail() -> int:
    return purge_old()
