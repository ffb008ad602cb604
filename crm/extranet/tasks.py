"""Celery's way in."""

from celery import shared_task

from crm.extranet.services.counting import forget_old_attempts
from crm.extranet.services.signing_in import forget_old_sign_ins


@shared_task
def forget_old() -> None:
    """Attempts of yesterday, and sign-ins that ran out long ago."""
    forget_old_attempts()
    forget_old_sign_ins()
