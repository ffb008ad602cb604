"""Celery's way in."""

from celery import shared_task

from crm.surveys.services.running import keep_days


@shared_task
def keep_survey_days() -> None:
    """What starts and what ends today."""
    keep_days()
