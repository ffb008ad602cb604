"""What the templates of a form field need to know about any widget."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

PLAIN_CONTROLS = (
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.URLInput,
    forms.PasswordInput,
    forms.Textarea,
    forms.DateInput,
    forms.DateTimeInput,
    forms.TimeInput,
    forms.Select,
)


def field_context(bound: BoundField) -> dict[str, Any]:
    """The context of `components/field.html`; `kind` is plain, checkbox, choices, file or own."""
    widget = bound.field.widget
    kind = _kind(widget)
    attributes: dict[str, Any] = {}
    if kind == "plain":
        attributes["class"] = " ".join(part for part in (widget.attrs.get("class", ""), "input", "wrong" if bound.errors else "") if part)
    if kind == "file":
        attributes["class"] = "visually-quiet"
    return {
        "field": bound,
        "kind": kind,
        "control": bound.as_widget(attrs=attributes),
        "label_for": bound.id_for_label,
        "is_group": bool(getattr(widget, "use_fieldset", False)),
        "is_needed": getattr(bound.field, "is_needed", False),
        "is_optional": not bound.field.required and kind in ("plain", "file"),
        "errors": bound.errors,
        "help_id": f"{bound.auto_id}_helptext",
        "error_id": f"{bound.auto_id}_error",
        "is_many": bool(getattr(widget, "allow_multiple_selected", False)),
    }


def form_summary_context(form: forms.BaseForm) -> dict[str, Any]:
    """The context of `components/summary.html`: the errors of the whole form, and the fields that have one."""
    fields = [bound for bound in form if bound.errors]
    whole = list(form.non_field_errors())
    return {"whole": whole, "fields": fields, "count": len(fields) + len(whole)}


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, PLAIN_CONTROLS):
        return "plain"
    return "own"
