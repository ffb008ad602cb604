"""Rows that are held until the transaction ends."""

from typing import Any, TypeVar

from django.db import models
from django.db.models import QuerySet

Row = TypeVar("Row", bound=models.Model)


def lock_row(rows: QuerySet[Row], pk: Any, *, no_key: bool = False) -> Row:
    """The row, locked (`no_key`: others may still point at it), then read with what `rows` joins to it; `DoesNotExist` where it is not among them.

    Two statements, never one: whoever waits for a row in a join is given the row as it is then, but joined to what it pointed at before. A foreign key
    that changed meanwhile has then nothing at its other end: the row is not found, or what it points at is taken for None. Where nothing is joined, one does.
    """
    if _is_plain(rows):
        return rows.select_for_update(no_key=no_key).order_by().get(pk=pk)
    list(rows.model._default_manager.select_for_update(no_key=no_key).filter(pk=pk).order_by().values_list("pk"))
    return rows.get(pk=pk)


def _is_plain(rows: QuerySet[Row]) -> bool:
    """All rows of one table, as they are."""
    query = rows.query
    return not (query.select_related or query.where or query.annotations or rows.model._meta.parents)
