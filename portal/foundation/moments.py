"""Days and moments in forms and addresses."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

YEARS = range(1930, 2200)  # what a plant has to do with; far outside, neither time zones nor the day after can be reckoned
OUT_OF_YEARS = gettext_lazy("Write a year from 1930 to 2199.")


class MomentInput(forms.DateTimeInput):
    """A day and a time by the browser's own control."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    widget = MomentInput
    default_error_messages = {"invalid": gettext_lazy("Write a day and a time, such as 2026-11-20 18:00."), "year": OUT_OF_YEARS}

    def to_python(self, value: Any) -> datetime | None:
        moment: datetime | None = super().to_python(value)
        if moment is not None and moment.year not in YEARS:
            raise ValidationError(self.error_messages["year"], code="year")
        return moment


class DayInput(forms.DateInput):
    """A day by the browser's own control."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput
    default_error_messages = {"invalid": gettext_lazy("Write a day, such as 2026-11-20."), "year": OUT_OF_YEARS}

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        if day is not None and day.year not in YEARS:
            raise ValidationError(self.error_messages["year"], code="year")
        return day


def refuse_turned(form: forms.Form, values: Mapping[str, Any], first: str, last: str) -> None:
    """Tells at the field of the last day that it is before the first."""
    if values.get(first) and values.get(last) and values[last] < values[first]:
        form.add_error(last, _("The last day is before the first. Exchange them."))


def read_day(text: str) -> date | None:
    """The day that an address names, such as 2026-11-20; None for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def read_moment(text: str) -> datetime | None:
    """The moment that a page sends back, with its zone; None for anything else."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) and moment.year in YEARS else None
