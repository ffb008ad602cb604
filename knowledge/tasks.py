"""Celery's way in."""

from celery import shared_task

from knowledge.services.file_imports import clear_old_imports


@shared_task
def clear_imports() -> int:
    return clear_old_imports()
