"""Tables that sort by their heading: only by keys that a view has listed (S38)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from portal.foundation.navigation import Words


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. `order_by` are the fields to sort by, ending in one that is unique; none means that it does not sort."""

    key: str
    label: Words
    order_by: Sequence[str] = ()
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as this request shows it; `next_sort` is the value of `sort` that pressing it asks for."""

    key: str
    label: Words
    is_number: bool
    direction: str
    next_sort: str


class Sort:
    """The order that a request asks for by `?sort=key` or `?sort=-key`; what is not listed is the default."""

    def __init__(self, request: HttpRequest, columns: Sequence[Column], *, default: str, parameter: str = "sort") -> None:
        self.columns = columns
        self.parameter = parameter
        self._fields: Mapping[str, Sequence[str]] = {column.key: column.order_by for column in columns if column.order_by}
        asked = request.GET.get(parameter, default)
        if asked.removeprefix("-") not in self._fields:
            asked = default
        self.key = asked.removeprefix("-")
        self.is_descending = asked.startswith("-")

    @property
    def fields(self) -> list[str]:
        """The fields for `order_by`, turned round where the order is descending."""
        fields = list(self._fields[self.key])
        return [_turned(name) for name in fields] if self.is_descending else fields

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.order_by(*self.fields)

    @property
    def headings(self) -> list[Heading]:
        """For `components/headings.html`."""
        headings = []
        for column in self.columns:
            is_sorted = column.key == self.key
            direction = ("descending" if self.is_descending else "ascending") if is_sorted else ""
            next_sort = "" if not column.order_by else f"-{column.key}" if direction == "ascending" else column.key
            headings.append(Heading(column.key, column.label, column.is_number, direction, next_sort))
        return headings


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"
