"""Celery's way in."""

from celery import shared_task

from portal.notifications.services import forget_old


@shared_task
def forget_old_notifications() -> int:
    return forget_old()
