"""Celery's way in."""

from celery import shared_task

from portal.lists import exports


@shared_task
def forget_old_exports() -> None:
    exports.forget_old_exports()
