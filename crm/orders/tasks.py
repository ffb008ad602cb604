"""Celery's way in."""

from celery import shared_task

from crm.orders.services.checks import check_accounts


@shared_task
def compare_accounts() -> None:
    """The sums of the accounts with their ledger, and both with orders, receivables and payments."""
    check_accounts()
