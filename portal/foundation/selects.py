"""Lists to choose from."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """As Django's, without a template for each option: ours have a hundred. Options are not grouped, so nothing looks for groups in each of them."""

    @property
    def choices(self) -> Any:
        return self._options

    @choices.setter
    def choices(self, value: Iterable[tuple[str, Any]]) -> None:
        self._options = list(value)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = "".join(
            f'<option value="{escape(code)}"{" selected" if code in chosen else ""}>{escape(str(label))}</option>'
            for code, label in ((str(code), label) for code, label in self._options)
        )
        shown = self.build_attrs(self.attrs, attrs) | {"name": name}
        return mark_safe(f"<select{flatatt(shown)}>{options}</select>")  # every part is escaped


class LongChoiceField(forms.ChoiceField):
    """One of a `LongSelect`."""

    widget = LongSelect

    @property
    def choices(self) -> Any:
        return self._choices

    @choices.setter
    def choices(self, value: Any) -> None:
        options: Any = list(value)
        self._choices = options
        self.widget.choices = options  # type: ignore[method-assign]  # a property of `LongSelect`
