"""Celery's way in."""

from celery import shared_task

from portal.approvals.services.moving import move_stranded


@shared_task
def move_stranded_papers() -> int:
    return move_stranded()
