"""Celery's way in."""

from celery import shared_task

from mail.services.keeping import purge_old
from mail.services.limits import apply_limits
from mail.services.outward import deliver_due
from mail.services.taking_in import take_in_waiting


@shared_task
def purge_old_mail() -> int:
    apply_limits()  # levels change by the day
    return purge_old()


@shared_task
def read_waiting_mail() -> int:
    return take_in_waiting()


@shared_task
def send_waiting_mail() -> int:
    return deliver_due()
