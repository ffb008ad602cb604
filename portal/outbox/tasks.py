"""Celery's way in."""

from celery import shared_task

from portal.outbox.services import drain


@shared_task
def drain_outbox() -> int:
    return drain()
