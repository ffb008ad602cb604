"""Celery's way in."""

from celery import shared_task

from crm.activities.services.market_reports import remind_of_due
from crm.activities.services.months import lay_ahead
from crm.activities.services.planning import tell_of_unfit
from crm.activities.services.promising import make_all_promises, settle_promises


@shared_task
def make_and_lay() -> None:
    """Promises of the next four weeks, and a day for each visit that has none."""
    make_all_promises()
    lay_ahead()


@shared_task
def settle() -> None:
    """Windows that ended yesterday."""
    settle_promises()


@shared_task
def tell_before_the_week() -> None:
    """What does not fit is said before the week."""
    tell_of_unfit()


@shared_task
def remind_of_reports() -> None:
    """Market reports whose due day has come."""
    remind_of_due()
