"""Ringing for a worker. The bell may be out of order: the sweeper on the beat finds what was missed."""

import logging

from celery import current_app
from kombu import pools

from portal.outbox.breaker import Breaker

logger = logging.getLogger(__name__)

# A worker waits at the broker for seconds, so its patience (CELERY_BROKER_TRANSPORT_OPTIONS) is no measure for a person who waits for a page.
LONGEST_WAIT = 1.0
IMPATIENT = {"socket_timeout": LONGEST_WAIT, "socket_connect_timeout": LONGEST_WAIT}
PAUSE_AFTER_HANGING = 5.0
broker = Breaker(pause=PAUSE_AFTER_HANGING, patience=LONGEST_WAIT / 2)


def ring() -> None:
    """Tell a worker that effects wait. Never raises, and waits a second at most, once, for a broker that hangs."""
    if not broker.may_try():
        return
    try:
        with broker.attempt(), pools.producers[current_app.connection_for_write(transport_options=IMPATIENT)].acquire(timeout=LONGEST_WAIT) as producer:
            current_app.send_task(
                "portal.outbox.tasks.drain_outbox", retry=False, ignore_result=True, priority=current_app.conf.task_default_priority, producer=producer
            )
    except Exception as error:  # any transport error: the effect is in the database, so nothing is lost
        logger.warning("the broker cannot be reached, effects wait for the sweeper: %s", error)
