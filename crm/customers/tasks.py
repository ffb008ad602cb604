"""Celery's way in."""

from celery import shared_task

from crm.customers.services.dossiers import tell_of_ends
from crm.customers.services.pairs import look_for_pairs
from crm.customers.services.portfolios import tell_of_vacancies


@shared_task
def look_for_vacancies() -> None:
    """Holders whose last day was yesterday."""
    tell_of_vacancies()


@shared_task
def look_for_duplicates() -> None:
    """So many pairs a night; the rest waits for the next."""
    look_for_pairs()


@shared_task
def look_for_ends() -> None:
    """Agreements and certificates that end within a month."""
    tell_of_ends()
