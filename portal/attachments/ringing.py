"""Telling a worker that files wait to be read. The bell may be out of order: the beat finds what was missed."""

import logging

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def ring_for_reading() -> None:
    """Once the transaction has committed. Never raises, and never waits for a broker that is down."""
    transaction.on_commit(_send)


def _send() -> None:
    try:
        current_app.send_task("portal.attachments.tasks.read_waiting_files", retry=False, ignore_result=True)
    except Exception as error:  # any transport error: the file waits in the database
        logger.warning("the broker cannot be reached, files wait for the beat: %s", error)
