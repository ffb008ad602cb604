"""Celery's way in."""

from celery import shared_task

from mail.gateway.receiving import ring_for_reading
from mail.services.keeping import purge_old
from mail.services.limits import apply_limits
from mail.services.outward import deliver_due
from mail.services.taking_in import take_in_waiting

MOST_AT_A_TURN = 100


@shared_task
def purge_old_mail() -> int:
    apply_limits()  # levels change by the day
    return purge_old()


@shared_task
def read_waiting_mail() -> int:
    """A turn of it; where more waits, another turn is asked for, behind what else the worker has to do."""
    done = take_in_waiting(limit=MOST_AT_A_TURN)
    if done >= MOST_AT_A_TURN:
        ring_for_reading()
    return done


@shared_task
def send_waiting_mail() -> int:
    return deliver_due()
