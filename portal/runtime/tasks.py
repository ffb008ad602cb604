"""The heartbeat: rung by the beat, carried by the broker, written by a worker, read by /readyz."""

from datetime import UTC, datetime

from celery import shared_task
from django.core.cache import cache

from portal.runtime.health import HEARTBEAT_KEY


@shared_task(expires=30, priority=0)
def heartbeat() -> None:
    cache.set(HEARTBEAT_KEY, datetime.now(UTC), timeout=None)
