"""Celery's way in."""

from celery import shared_task

from crm.service.services.keeping import hand_on_leavers, tell_of_late
from crm.service.services.warnings import look_for_warnings


@shared_task
def tell_late() -> None:
    """Requests whose clock has run out."""
    tell_of_late()


@shared_task
def look_for_leavers() -> None:
    """Owners whose last day was yesterday."""
    hand_on_leavers()


@shared_task
def look_for_customer_warnings() -> None:
    """Each measure once a night."""
    look_for_warnings()
