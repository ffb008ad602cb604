"""One step as it is drawn: what is asked, of whom, until when, and what is filled in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.access.models import AudienceGroup
from portal.accounts.models import User
from portal.approvals.definitions.routes import STEP_TYPES
from portal.approvals.drawing.words import MODE_NAMES, STEP_NAMES, STRATEGY_NAMES
from portal.directory.fields import PersonField
from portal.organization.models import Department, Duty, Position
from portal.organization.places import person_label, posts_of, read_places

Raw = dict[str, Any]

MOST_APPROVERS = 12
MOST_GROUPS = 4
MOST_LEVELS = 9
# What each strategy asks besides.
ASKED: dict[str, tuple[str, ...]] = {
    "requester_head": ("levels", "whole"),
    "requester_heads": ("levels", "whole"),
    "department_head": ("department",),
    "position": ("position", "department", "each"),
    "requester_position": ("position", "each"),
    "duty": ("duty", "each"),
    "covering_duty": (),
    "person": ("person",),
    "group": ("group", "each"),
    "field_head": ("field",),
    "requester_choice": ("least", "most"),
    "requester": (),
}


class Offered:
    """What approvers may be, read once for all rows."""

    def __init__(self, fields: Sequence[tuple[str, str]]) -> None:
        places = read_places()
        self.departments = [(row.code, places.label(row.pk)) for row in Department.objects.open().in_tree_order()]
        self.positions = [(row.code, row.label) for row in Position.objects.all()]
        self.duties = [(row.code, row.label) for row in Duty.objects.all()]
        self.groups = [(str(row.pk), row.name) for row in AudienceGroup.objects.all()]
        self.fields = list(fields)


class StepForm(forms.Form):
    label = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=40)
    label_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    type = forms.ChoiceField(label=gettext_lazy("What is asked"), choices=[(one, STEP_NAMES[one]) for one in STEP_TYPES])
    due = forms.IntegerField(label=gettext_lazy("Time limit"), min_value=1, max_value=250, required=False)
    due_in = forms.ChoiceField(
        label=pgettext_lazy("time limit", "In"), choices=[("days", gettext_lazy("working days")), ("hours", gettext_lazy("working hours"))], required=False
    )
    counts_earlier = forms.BooleanField(label=gettext_lazy("Who has decided on the same words before is not asked again"), required=False)
    binds = forms.BooleanField(label=gettext_lazy("Once it has approved, the paper cannot be withdrawn"), required=False)

    def __init__(self, *args: Any, later: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`later` are the fields and columns that the form leaves to steps: (path, name)."""
        super().__init__(*args, **kwargs)
        self.later = later
        for path, name in later:
            choices = [("", gettext_lazy("not here")), ("may", gettext_lazy("may be filled in")), ("must", gettext_lazy("must be filled in"))]
            self.fields[_asked(path)] = forms.ChoiceField(label=name, choices=choices, required=False)

    @property
    def rights(self) -> list[forms.BoundField]:
        return [self[_asked(path)] for path, _name in self.later]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        writes, kind = self._writes(cleaned), cleaned.get("type")
        if kind == "fill" and not writes:
            sentence = _("Say below what is filled in here.") if self.later else _("The form leaves nothing to a step. Mark a field there first.")
            self.add_error("type", sentence)
        if writes and kind not in ("fill", "reply"):
            self.add_error("type", _("Only a step that fills in or replies can write fields."))
        return cleaned

    def written(self, raw: Raw, groups: list[Raw]) -> Raw:
        said_now = self.cleaned_data
        made = dict(raw) | {"label": {"zh": said_now["label"], "en": said_now["label_en"] or said_now["label"]}, "type": said_now["type"], "groups": groups}
        for name in ("due", "writes", "counts_earlier", "binds"):
            made.pop(name, None)
        writes = self._writes(said_now)
        if said_now["due"] and said_now["type"] != "tell":
            made["due"] = {said_now["due_in"] or "days": said_now["due"]}
        if writes:
            made["writes"] = writes
        if said_now["counts_earlier"] != (not writes):
            made["counts_earlier"] = said_now["counts_earlier"]
        if said_now["binds"]:
            made["binds"] = True
        return made

    def _writes(self, cleaned: Mapping[str, Any]) -> dict[str, bool]:
        return {path: cleaned[_asked(path)] == "must" for path, _name in self.later if cleaned.get(_asked(path))}


class ApproverForm(forms.Form):
    """One rule of who decides. Which of its questions are asked depends on `by`."""

    group = forms.TypedChoiceField(
        label=gettext_lazy("Group"), choices=[(number, str(number + 1)) for number in range(MOST_GROUPS)], coerce=int, required=False, empty_value=None
    )
    by = forms.ChoiceField(label=gettext_lazy("By"), choices=[(one, STRATEGY_NAMES[one]) for one in ASKED])
    gone = forms.BooleanField(label=gettext_lazy("Remove"), required=False)

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by = self.data.get(self.add_prefix("by")) if self.is_bound else self.initial.get("by")
        self.asked = ASKED.get(str(by or "requester_head"), ())
        nothing = [("", "—")]
        made: dict[str, Any] = {
            "levels": lambda: forms.IntegerField(
                label=gettext_lazy("Levels above"), min_value=0, max_value=MOST_LEVELS, required=False, initial=0,
                help_text=gettext_lazy("0 is the requester's own department, 9 the head of the plant."),
            ),
            "whole": lambda: forms.BooleanField(label=gettext_lazy("Of the whole department, not of the section or shift"), required=False),
            "department": lambda: forms.ChoiceField(label=gettext_lazy("Department"), choices=nothing + offered.departments, required=by == "department_head"),
            "position": lambda: forms.ChoiceField(label=gettext_lazy("Position"), choices=nothing + offered.positions),
            "duty": lambda: forms.ChoiceField(label=gettext_lazy("Duty"), choices=nothing + offered.duties),
            "group_id": lambda: forms.ChoiceField(label=gettext_lazy("Group of people"), choices=nothing + offered.groups),
            "person": lambda: PersonField(label=gettext_lazy("Person")),
            "field": lambda: forms.ChoiceField(label=gettext_lazy("Field"), choices=nothing + offered.fields),
            "each": lambda: forms.BooleanField(label=gettext_lazy("Each of several decides, not one for all"), required=False),
            "least": lambda: forms.IntegerField(label=gettext_lazy("At least"), min_value=1, max_value=9, initial=1),
            "most": lambda: forms.IntegerField(label=gettext_lazy("At most"), min_value=1, max_value=9, initial=1),
        }  # fmt: skip
        self.asked = tuple("group_id" if name == "group" else name for name in self.asked)
        for name in self.asked:
            self.fields[name] = made[name]()

    @property
    def questions(self) -> list[forms.BoundField]:
        return [self[name] for name in self.asked]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("least") or 1) > (cleaned.get("most") or 1) and "least" in self.asked:
            self.add_error("most", _("At most cannot be less than at least."))
        return cleaned

    def written(self) -> Raw:
        said_now, made = self.cleaned_data, {"by": self.cleaned_data["by"]}
        for name in self.asked:
            value = said_now.get(name)
            if name == "person" and isinstance(value, User):
                value = value.pk
            if name == "group_id":
                made["group"] = int(value or 0)
            elif value not in (None, "", False) and not (name == "levels" and value == 0):
                made[name] = value
        return made


class Approvers:
    """The rows of a step, with the mode of each group."""

    def __init__(self, offered: Offered, *, groups: Sequence[Raw] = (), data: Mapping[str, Any] | None = None) -> None:
        self.offered, self.error = offered, ""
        rows = [(number, one) for number, group in enumerate(groups) for one in group.get("approvers", ())]
        if data is None:
            initial = [_initial(number, one) for number, one in rows] or [{"by": "requester_head"}]
            self.forms = [ApproverForm(prefix=f"who-{place}", offered=offered, initial=one) for place, one in enumerate(initial)]
            self.modes = [str(group.get("mode", "any")) for group in groups]
        else:
            count = min(int(data.get("who-count") or 0) if str(data.get("who-count", "")).isdecimal() else 0, MOST_APPROVERS)
            self.forms = [ApproverForm(data, prefix=f"who-{place}", offered=offered) for place in range(count)]
            self.modes = [str(data.get(f"mode-{number}", "any")) for number in range(MOST_GROUPS)]
        self.modes = [mode if mode in MODE_NAMES else "any" for mode in (self.modes + ["any"] * MOST_GROUPS)[:MOST_GROUPS]]

    def add(self) -> None:
        if len(self.forms) < MOST_APPROVERS:
            self.forms.append(ApproverForm(prefix=f"who-{len(self.forms)}", offered=self.offered, initial={"by": "department_head"}))

    @property
    def is_several(self) -> bool:
        return len(self.forms) > 1

    def said_modes(self) -> list[tuple[int, str, list[tuple[str, Any, bool]]]]:
        """Of each group that has a row: its number, the name of its question, and the choices."""
        numbers = sorted({int(form["group"].value() or 0) for form in self.forms})
        return [(number, f"mode-{number}", [(mode, words, mode == self.modes[number]) for mode, words in MODE_NAMES.items()]) for number in numbers]

    @property
    def kept(self) -> list[ApproverForm]:
        """All rows but those that are to be removed."""
        return [form for form in self.forms if not form["gone"].value()]

    def is_valid(self) -> bool:
        is_fine = all([form.is_valid() for form in self.kept])
        if is_fine and not self.kept:
            self.error = _("Say who decides here.")
        return is_fine and not self.error

    def groups(self) -> list[Raw]:
        made: dict[int, list[Raw]] = {}
        for form in self.kept:
            made.setdefault(form.cleaned_data.get("group") or 0, []).append(form.written())
        return [{"mode": self.modes[number], "approvers": approvers} for number, approvers in sorted(made.items())]


def initial_of_step(raw: Mapping[str, Any]) -> Raw:
    due, label = raw.get("due") or {}, raw.get("label", {})
    unit = next(iter(due), "days")
    found = {"label": label.get("zh", ""), "label_en": label.get("en", ""), "type": raw.get("type", "approve"), "due": due.get(unit), "due_in": unit}
    found |= {"counts_earlier": raw.get("counts_earlier", not raw.get("writes")), "binds": raw.get("binds", False)}
    return found | {_asked(path): "must" if is_needed else "may" for path, is_needed in raw.get("writes", {}).items()}


def _initial(group: int, raw: Raw) -> Raw:
    found = dict(raw) | {"group": group}
    if raw.get("by") == "group":
        found["group_id"] = str(raw.get("group", ""))
    if raw.get("by") == "person":
        person = User.objects.filter(pk=raw.get("person")).first()
        found["person"] = person_label(person, posts_of([person])) if person is not None else ""
    return found


def _asked(path: str) -> str:
    return f"writes-{path.replace('.', '-')}"
