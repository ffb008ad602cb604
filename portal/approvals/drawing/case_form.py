"""The conditions of a case as they are drawn: rows of field, operator and value, joined by and, or or."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.approvals.cells import read_amount
from portal.approvals.definitions.fields import FieldPlan
from portal.approvals.definitions.forms import FormPlan
from portal.foundation.moments import DayField
from portal.organization.models import Department
from portal.organization.places import read_places

Raw = dict[str, Any]

MOST_CONDITIONS = 12
JOINS = [("and", pgettext_lazy("between conditions", "and")), ("or", pgettext_lazy("between conditions", "or"))]
OPERATORS = {
    "ge": gettext_lazy("is at least"),
    "gt": gettext_lazy("is more than"),
    "le": gettext_lazy("is at most"),
    "lt": gettext_lazy("is less than"),
    "eq": gettext_lazy("is"),
    "ne": gettext_lazy("is not"),
    "in": gettext_lazy("is one of"),
    "filled": gettext_lazy("is filled in"),
    "blank": gettext_lazy("is left empty"),
}
ORDERED = ("ge", "gt", "le", "lt", "eq", "ne", "filled", "blank")
OPERATORS_OF = {
    "number": ORDERED,
    "money": ORDERED,
    "day": ORDERED,
    "choice": ("eq", "ne", "in", "filled", "blank"),
    "choices": ("eq", "ne", "filled", "blank"),
    "department": ("eq", "ne", "filled", "blank"),
    "month": ("eq", "ne", "filled", "blank"),
    "text": ("eq", "ne", "filled", "blank"),
}
FILLED = ("filled", "blank")


class AmountOf(forms.CharField):
    def __init__(self, plan: FieldPlan) -> None:
        super().__init__(max_length=60, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
        self.plan = plan

    def clean(self, value: Any) -> str:
        amount = read_amount(super().clean(value), places=self.plan.places, greatest=self.plan.greatest, may_be_negative=True)
        return f"{amount:f}"


class ConditionForm(forms.Form):
    """Which operators there are, and how the value is asked, depends on the field."""

    join = forms.ChoiceField(label=gettext_lazy("Joined by"), choices=JOINS, required=False)
    field = forms.ChoiceField(label=gettext_lazy("Field"))
    op = forms.ChoiceField(label=gettext_lazy("Compared"))
    gone = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *args: Any, form_plan: FormPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["field"].choices = [(field.key, field.label) for field in form_plan]  # type: ignore[attr-defined]
        plan = form_plan.field(str(self._now("field") or "")) or next(iter(form_plan))
        operators = OPERATORS_OF.get(plan.type, FILLED)
        self.fields["op"].choices = [(op, OPERATORS[op]) for op in operators]  # type: ignore[attr-defined]
        op = str(self._now("op") or operators[0])
        if op not in operators:
            op = operators[0]
            self.data = {**self.data, self.add_prefix("op"): op} if self.is_bound else self.data
        if op not in FILLED:
            self.fields["value"] = _value_field(plan, op)

    @property
    def has_value(self) -> bool:
        return "value" in self.fields

    def written(self) -> Raw:
        said_now = self.cleaned_data
        made = {"field": said_now["field"], "op": said_now["op"]}
        if self.has_value:
            value = said_now["value"]
            made["value"] = value.isoformat() if hasattr(value, "isoformat") else value
        return made

    def _now(self, name: str) -> Any:
        return self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)


class Conditions:
    """The rows of a case. `or` begins another alternative."""

    def __init__(self, plan: FormPlan, *, when: Sequence[Sequence[Raw]] = (), data: Mapping[str, Any] | None = None) -> None:
        self.plan, self.error = plan, ""
        if data is None:
            rows = [{"join": "or" if group and not place else "and", **one} for group, together in enumerate(when) for place, one in enumerate(together)]
            rows = rows or [{"join": "and"}]
            self.forms = [ConditionForm(prefix=f"if-{place}", form_plan=plan, initial=one) for place, one in enumerate(rows)]
        else:
            count = min(int(data["if-count"]) if str(data.get("if-count", "")).isdecimal() else 0, MOST_CONDITIONS)
            values = data.dict() if hasattr(data, "dict") else data
            several = {key: data.getlist(key) for key in data if key.endswith("-value")} if hasattr(data, "getlist") else {}
            self.forms = [ConditionForm(_Several(values, several), prefix=f"if-{place}", form_plan=plan) for place in range(count)]

    def add(self) -> None:
        if len(self.forms) < MOST_CONDITIONS:
            self.forms.append(ConditionForm(prefix=f"if-{len(self.forms)}", form_plan=self.plan, initial={"join": "and"}))

    def is_valid(self) -> bool:
        kept = [form for form in self.forms if not form["gone"].value()]
        is_fine = all([form.is_valid() for form in kept])
        if is_fine and not kept:
            self.error = _("A case needs a condition. What is left goes into “otherwise”.")
        return is_fine and not self.error

    def when(self) -> list[list[Raw]]:
        made: list[list[Raw]] = []
        for form in self.forms:
            if form["gone"].value():
                continue
            if not made or form.cleaned_data.get("join") == "or":
                made.append([])
            made[-1].append(form.written())
        return made


class _Several(dict[str, Any]):
    """What was posted, of which a box of several choices has all."""

    def __init__(self, values: Mapping[str, Any], several: Mapping[str, list[str]]) -> None:
        super().__init__(values)
        self.several = several

    def getlist(self, key: str) -> list[str]:
        return self.several.get(key, [])


def _value_field(plan: FieldPlan, op: str) -> forms.Field:
    label = _("Value")
    choices = [(code, plan.choice_label(code)) for code, _label in plan.choices]
    match plan.type:
        case "number" | "money":
            return AmountOf(plan)
        case "day":
            return DayField(label=label)
        case "choice" if op == "in":
            return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple)
        case "choice" | "choices":
            return forms.ChoiceField(label=label, choices=choices)
        case "department":
            places = read_places()
            known = [(row.pk, places.label(row.pk)) for row in Department.objects.open().in_tree_order()]
            return forms.TypedChoiceField(label=label, choices=known, coerce=int)
    return forms.CharField(label=label, max_length=120)
