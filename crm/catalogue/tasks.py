"""Celery's way in."""

from celery import shared_task

from crm.catalogue.services.checks import check_stock


@shared_task
def compare_stock() -> None:
    """The sums of the stock with their ledger."""
    check_stock()
