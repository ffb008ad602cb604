"""Celery's way in."""

import logging

from celery import shared_task

from portal.backup.errors import BackupError
from portal.backup.keeping import make_nightly

logger = logging.getLogger(__name__)


@shared_task(acks_late=False)  # a backup that dies with its worker is made the next night, not again at once
def back_up_nightly() -> None:
    try:
        make_nightly()
    except BackupError as error:
        logger.error("%s", error)
