"""Celery's way in."""

from celery import shared_task

from portal.search.effects import follow_if_possible
from portal.search.feeding import feed_waiting


@shared_task
def follow_feed() -> None:
    """What was missed: a worker that died between the feed and the index, an engine that was away, an index that was deleted."""
    while feed_waiting():
        pass
    follow_if_possible()
