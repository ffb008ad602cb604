"""Celery's way in."""

from celery import shared_task

from bulletin.news.services.feeds import forget_old_entries, read_due_feeds


@shared_task
def read_news_feeds() -> int:
    return read_due_feeds()


@shared_task
def forget_old_news_entries() -> int:
    return forget_old_entries()
