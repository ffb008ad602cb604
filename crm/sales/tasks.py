"""Celery's way in."""

from celery import shared_task

from crm.sales.services.reminding import tell_of_late_steps, tell_of_waiting_expenses


@shared_task
def look_for_late_steps() -> None:
    """What was to be done for opportunities by yesterday."""
    tell_of_late_steps()


@shared_task
def look_for_waiting_expenses() -> None:
    """What is to be confirmed this morning."""
    tell_of_waiting_expenses()
