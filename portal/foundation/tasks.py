"""Celery's way into the foundation."""

from celery import shared_task

from portal.foundation import once


@shared_task
def forget_old_forms() -> None:
    once.forget_old_forms()
