"""Celery's way in."""

from celery import shared_task

from crm.customers.services.portfolios import tell_of_vacancies


@shared_task
def look_for_vacancies() -> None:
    """Holders whose last day was yesterday."""
    tell_of_vacancies()
