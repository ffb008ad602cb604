"""Pages by key: the rows beyond the last one of this page, in the list's order, whatever was added or removed meanwhile.

PostgreSQL's own order is kept (nothing counts as greater than anything), so that an index serves it.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import Any

from django.db.models import Q
from django.utils import timezone

LONGEST = 2_000
MOST_BEFORE = 10**9

Order = Sequence[str]  # fields, a minus before those that descend; the last one is unique


@dataclass(frozen=True, slots=True)
class Place:
    """A row's values in the fields of an order, and how many rows stood before the page that begins beyond it."""

    values: Sequence[Any]
    before: int


class PlaceError(ValueError):
    """An address says a place that is none."""


def place_of(row: Any, order: Order, *, before: int) -> str:
    """The place of a row, for an address."""
    values = [_written(_value(row, name.removeprefix("-"))) for name in order]
    return base64.urlsafe_b64encode(json.dumps([before, *values], separators=(",", ":")).encode()).decode().rstrip("=")


def read_place(text: str, order: Order) -> Place:
    """The place that an address says. Raises PlaceError for what is none, or is one of another order."""
    if len(text) > LONGEST:
        raise PlaceError("too long")
    try:
        before, *values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(before, int) or isinstance(before, bool) or not 0 <= before <= MOST_BEFORE or len(values) != len(order):
            raise PlaceError("of another order")
        return Place([_read(value) for value in values], before)
    except (ValueError, TypeError, KeyError, IndexError, InvalidOperation, binascii.Error, RecursionError) as error:
        raise PlaceError(str(error)) from error


def turned(order: Order) -> list[str]:
    """The same from the other end."""
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def beyond(place: Place, order: Order) -> Q:
    """The condition of the rows that come after this place."""
    conditions, equal = [], Q()
    for name, value in zip(order, place.values, strict=True):
        field = name.removeprefix("-")
        later = _later(field, value, is_descending=name.startswith("-"))
        if later is not None:
            conditions.append(equal & later)
        equal &= Q(**{f"{field}__isnull": True}) if value is None else Q(**{field: value})
    found = reduce(lambda one, other: one | other, conditions, Q(pk__in=[]))
    first, value = order[0], place.values[0]
    if value is not None and first.startswith("-"):  # said once more, so that an index is entered at the right place
        return Q(**{f"{first[1:]}__lte": value}) & found
    return found


def _later(field: str, value: Any, *, is_descending: bool) -> Q | None:
    if value is None:
        return Q(**{f"{field}__isnull": False}) if is_descending else None
    if is_descending:
        return Q(**{f"{field}__lt": value})
    return Q(**{f"{field}__gt": value}) | Q(**{f"{field}__isnull": True})


def _value(row: Any, path: str) -> Any:
    return reduce(lambda thing, name: getattr(thing, name, None), path.split("__"), row)


def _written(value: Any) -> Any:
    match value:
        case datetime():
            return {"t": value.isoformat()}
        case date():
            return {"d": value.isoformat()}
        case Decimal():
            return {"n": str(value)}
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _read(value: Any) -> Any:
    if isinstance(value, dict):
        [(kind, text)] = value.items()
        if kind == "t":
            moment = datetime.fromisoformat(text)
            return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        return date.fromisoformat(text) if kind == "d" else Decimal(text)
    if isinstance(value, list) or (isinstance(value, str) and "\x00" in value):
        raise PlaceError("no value")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise PlaceError("out of range")
    return value
