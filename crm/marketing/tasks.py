"""Celery's way in."""

from celery import shared_task

from crm.marketing.services.campaigns import end_what_is_over


@shared_task
def end_campaigns() -> None:
    """Those whose last day was yesterday."""
    end_what_is_over()
