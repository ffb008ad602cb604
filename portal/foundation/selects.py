"""Lists to choose from."""

from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe


class LongSelect(forms.Select):
    """As Django's, without a template for each option: ours have a hundred. Options are not grouped."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        options = "".join(
            f'<option value="{escape(str(code))}"{" selected" if str(code) in chosen else ""}>{escape(str(label))}</option>' for code, label in self.choices
        )
        shown = self.build_attrs(self.attrs, attrs) | {"name": name}
        return mark_safe(f"<select{flatatt(shown)}>{options}</select>")  # every part is escaped
