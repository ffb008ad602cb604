"""Celery's way in."""

from celery import shared_task

from forum.sealing.months import destroy_old_keys
from forum.services.boards import renew_crowds
from forum.services.masked import release_waiting


@shared_task
def release_anonymous_posts() -> int:
    return release_waiting()


@shared_task
def look_after_keys_and_crowds() -> int:
    """Keys that no mask needs any more are destroyed, readers are counted anew."""
    renew_crowds()
    return len(destroy_old_keys())
