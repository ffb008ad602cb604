"""Celery's way in."""

from celery import shared_task

from portal.outbox.services import drain

TURN = 10.0


@shared_task
def drain_outbox() -> int:
    return drain(seconds=TURN)
