"""Ringing for a worker. The bell may be out of order: the sweeper on the beat finds what was missed."""

import logging
import time

from celery import current_app

logger = logging.getLogger(__name__)

PAUSE_AFTER_FAILURE = 5.0
_silent_until = 0.0


def ring() -> None:
    """Tell a worker that effects wait. Never raises and never waits for a broker that has just failed."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task("portal.outbox.tasks.drain_outbox", retry=False, ignore_result=True)
    except Exception as error:  # any transport error: the effect is in the database, so nothing is lost
        _silent_until = time.monotonic() + PAUSE_AFTER_FAILURE
        logger.warning("the broker cannot be reached, effects wait for the sweeper: %s", error)
