"""Days and moments in forms."""

from django import forms
from django.utils.translation import gettext_lazy


class MomentInput(forms.DateTimeInput):
    """A day and a time by the browser's own control."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    widget = MomentInput
    default_error_messages = {"invalid": gettext_lazy("Write a day and a time, such as 2026-11-20 18:00.")}


class DayInput(forms.DateInput):
    """A day by the browser's own control."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    widget = DayInput
    default_error_messages = {"invalid": gettext_lazy("Write a day, such as 2026-11-20.")}
