"""Celery's way in."""

from celery import shared_task

from portal.attachments.extraction import read_waiting
from portal.attachments.sweeping import sweep_files


@shared_task(priority=0)
def read_waiting_files() -> int:
    return read_waiting()


@shared_task
def sweep_old_files() -> int:
    return sweep_files()
