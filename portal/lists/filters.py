"""Filters of a list. Each is one or two fields of the form above it, keys in the address, and a condition.

Written on Django's forms rather than on django-filter: a filter here must also say itself in words (for the chips and the export's
record), keep its place in a saved view, and cost nothing where it is not used.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.foundation.dates import say_day
from portal.foundation.moments import DayField
from portal.foundation.navigation import Words
from portal.foundation.selects import LongChoiceField

Choices = Iterable[tuple[str, Words]] | Callable[[], Iterable[tuple[str, Words]]]
MOST = 999_999_999_999


def _anyone(user: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter(ABC):
    """`field` is what the condition is about; `is_further` ones stand behind "More filters"."""

    key: str
    label: Words
    field: str = ""
    is_further: bool = False
    is_allowed: Callable[[Any], bool] = _anyone

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the address."""
        return (self.key,)

    @abstractmethod
    def fields(self) -> dict[str, forms.Field]:
        """The fields of the form, by their keys. Made once for a page: choices may be many."""

    @abstractmethod
    def condition(self, values: Mapping[str, Any]) -> Q | None:
        """What the rows must fulfil; None where nothing was asked."""

    @abstractmethod
    def said(self, values: Mapping[str, Any]) -> str:
        """What was asked, in words; nothing where nothing was."""

    def wrong(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """The key and the sentence, where two fields do not go together."""
        return None

    def narrow(self, rows: QuerySet[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
        condition = self.condition(values)
        return rows if condition is None else rows.filter(condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceFilter(Filter):
    """One of several. `conditions` gives the condition of each choice where it is more than that the field equals it."""

    choices: Choices
    conditions: Callable[[str], Q] | None = None
    anything: Words = ""

    def fields(self) -> dict[str, forms.Field]:
        choices = self.choices() if callable(self.choices) else self.choices
        options = [("", f"{self.label}: {self.anything}" if self.anything else self.label), *choices]
        return {self.key: LongChoiceField(label=str(self.label), choices=options, required=False)}

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        value = values.get(self.key)
        if not value:
            return None
        return self.conditions(value) if self.conditions else Q(**{self.field or self.key: value})

    def said(self, values: Mapping[str, Any]) -> str:
        value = values.get(self.key)
        if not value:
            return ""
        choices = self.choices() if callable(self.choices) else self.choices
        return next((str(label) for code, label in choices if str(code) == value), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagFilter(Filter):
    """Only those for which the condition holds."""

    holds: Q

    def fields(self) -> dict[str, forms.Field]:
        return {self.key: forms.BooleanField(label=str(self.label), required=False)}

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        return self.holds if values.get(self.key) else None

    def said(self, values: Mapping[str, Any]) -> str:
        return _("yes") if values.get(self.key) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFilter(Filter):
    """From a day to a day, both included, in the plant's time. `is_instant` for a field that holds a moment."""

    is_instant: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        return f"{self.key}_from", f"{self.key}_to"

    def fields(self) -> dict[str, forms.Field]:
        return {
            f"{self.key}_from": DayField(label=_("%(field)s from") % {"field": self.label}, required=False),
            f"{self.key}_to": DayField(label=_("%(field)s to") % {"field": self.label}, required=False),
        }

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        first, last = self._days(values)
        if first is None and last is None:
            return None
        name, condition = self.field or self.key, Q()
        if first is not None:
            condition &= Q(**{f"{name}__gte": _midnight(first) if self.is_instant else first})
        if last is not None:
            condition &= Q(**({f"{name}__lt": _midnight(last + timedelta(days=1))} if self.is_instant else {f"{name}__lte": last}))
        return condition

    def said(self, values: Mapping[str, Any]) -> str:
        first, last = self._days(values)
        if first and last:
            return say_day(first) if first == last else f"{say_day(first)} – {say_day(last)}"
        if first:
            return _("from %(day)s") % {"day": say_day(first)}
        return _("to %(day)s") % {"day": say_day(last)} if last else ""

    def wrong(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        first, last = self._days(values)
        return (f"{self.key}_to", _("The last day is before the first. Exchange them.")) if first and last and first > last else None

    def _days(self, values: Mapping[str, Any]) -> tuple[date | None, date | None]:
        return values.get(f"{self.key}_from"), values.get(f"{self.key}_to")


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFilter(Filter):
    """From a whole number to a whole number, both included. `unit` multiplies what people write: 100 where they write yuan and the field holds fen."""

    unit: int = 1

    @property
    def keys(self) -> tuple[str, ...]:
        return f"{self.key}_from", f"{self.key}_to"

    def fields(self) -> dict[str, forms.Field]:
        bounds = {"required": False, "min_value": -MOST, "max_value": MOST}
        return {
            f"{self.key}_from": forms.IntegerField(label=_("%(field)s from") % {"field": self.label}, **bounds),  # type: ignore[arg-type]
            f"{self.key}_to": forms.IntegerField(label=_("%(field)s to") % {"field": self.label}, **bounds),  # type: ignore[arg-type]
        }

    def condition(self, values: Mapping[str, Any]) -> Q | None:
        least, most = self._bounds(values)
        if least is None and most is None:
            return None
        name, condition = self.field or self.key, Q()
        if least is not None:
            condition &= Q(**{f"{name}__gte": least * self.unit})
        if most is not None:
            condition &= Q(**{f"{name}__lte": most * self.unit})
        return condition

    def said(self, values: Mapping[str, Any]) -> str:
        least, most = self._bounds(values)
        if least is not None and most is not None:
            return f"{least:,} – {most:,}"
        return f"≥ {least:,}" if least is not None else f"≤ {most:,}" if most is not None else ""

    def wrong(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        least, most = self._bounds(values)
        is_wrong = least is not None and most is not None and least > most
        return (f"{self.key}_to", _("The greatest is less than the least. Exchange them.")) if is_wrong else None

    def _bounds(self, values: Mapping[str, Any]) -> tuple[int | None, int | None]:
        return values.get(f"{self.key}_from"), values.get(f"{self.key}_to")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
