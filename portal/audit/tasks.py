"""Celery's way in."""

from celery import shared_task

from portal.audit.chain import write_checkpoint


@shared_task
def keep_checkpoint() -> int | None:
    return write_checkpoint()
