"""Celery's way in."""

from celery import shared_task

from portal.search.checking import check_feed, check_index
from portal.search.effects import follow_if_possible
from portal.search.feeding import feed_missing, feed_waiting, forget_gone
from portal.search.following import clear_leftovers
from portal.search.kept import forget_old


@shared_task(priority=0)
def follow_feed() -> None:
    """What was missed: a worker that died between the feed and the index, an engine that was away, an index that was deleted, a feed not made yet."""
    feed_missing()
    while feed_waiting():
        pass
    follow_if_possible()
    clear_leftovers()


@shared_task
def check_everything() -> None:
    """Each night: what reads otherwise since a date has come, what was missed, what is too old to keep."""
    check_feed()
    follow_if_possible()
    check_index()
    forget_gone()
    forget_old()
