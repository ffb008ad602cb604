"""Celery's way in."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task
def clear_old_sessions() -> None:
    """Remove the sessions whose time is over."""
    SessionStore.clear_expired()
