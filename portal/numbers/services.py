"""Issuing numbers."""

from django.db import connection
from django.db.transaction import TransactionManagementError

from portal.numbers.models import NumberSequence
from portal.numbers.series import NumberSeries

ISSUE = """
    INSERT INTO numbers_numbersequence AS held (series, scope, period, last_number) VALUES (%s, %s, %s, 1)
    ON CONFLICT (series, scope, period) DO UPDATE SET last_number = held.last_number + 1 RETURNING last_number
"""


def issue_number(series: NumberSeries, *, year: int, month: int | None = None, scope: str = "") -> int:
    """The next number of the series. The row stays locked until the caller's transaction ends: what is rolled back leaves no gap, and nobody gets it twice.

    Refuses to work outside a transaction. Whoever needs numbers of several series in one transaction issues them in the order of
    their codes and scopes, so that two writers never wait for each other.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("a number is issued in the transaction of what carries it")
    with connection.cursor() as cursor:
        cursor.execute(ISSUE, [series.code, scope, series.period(year, month)])
        return int(cursor.fetchone()[0])


def next_number(series: NumberSeries, *, year: int, month: int | None = None, scope: str = "") -> int:
    """The number that would be issued now, for a preview. Nothing is promised by it."""
    rows = NumberSequence.objects.filter(series=series.code, scope=scope, period=series.period(year, month))
    return (rows.values_list("last_number", flat=True).first() or 0) + 1


def continue_after(series: NumberSeries, last_number: int, *, year: int, month: int | None = None, scope: str = "") -> None:
    """Numbers up to this one were given elsewhere (on paper, in what was there before): the sequence goes on behind it, and never back."""
    period = series.period(year, month)
    NumberSequence.objects.get_or_create(series=series.code, scope=scope, period=period)
    held = NumberSequence.objects.select_for_update().get(series=series.code, scope=scope, period=period)
    held.last_number = max(held.last_number, last_number)
    held.save(update_fields=["last_number"])
