"""One field or column as it is drawn: a form by its type, read from and written to what is stored."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.approvals.definitions.fields import BINDING, MOST_PLACES
from portal.approvals.definitions.formulas import LONGEST, read_formula
from portal.approvals.definitions.labels import said
from portal.approvals.definitions.tables import FACTS, MOST_LINES
from portal.approvals.drawing.naming import Naming
from portal.approvals.errors import DefinitionError

Raw = dict[str, Any]

MOST_CHOICES = 60
LONGEST_NAME = 40
TEXTS = ("text", "long_text")
NUMBERS = ("number", "money")
FACT_NAMES = {
    "item": gettext_lazy("the material or product"),
    "supplier": gettext_lazy("the supplier"),
    "quantity": gettext_lazy("the quantity"),
    "price": gettext_lazy("the price"),
    "amount": gettext_lazy("the amount"),
}
FACT_TYPES = {"item": ("item", "text"), "supplier": ("supplier", "text"), "quantity": ("number",), "price": NUMBERS, "amount": NUMBERS}
ROLES = {
    "text": [("", "—"), ("title", gettext_lazy("It is the title of the paper"))],
    "money": [("", "—"), ("amount", gettext_lazy("It is the amount of the paper, for lists"))],
    "month": [
        ("", "—"),
        ("period", gettext_lazy("A department submits one paper for each month")),
        ("month", gettext_lazy("It is the month of the paper, of which there may be several")),
    ],
}


class FieldForm(forms.Form):
    """Which questions there are depends on the type, and on whether it is a column of `table`."""

    label = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=LONGEST_NAME)
    label_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)

    def __init__(self, *args: Any, kind: str, naming: Naming, table: Raw | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.naming, self.table = kind, naming, table
        self.is_formula = kind == "formula"
        base = "number" if self.is_formula else kind
        add = self.fields.__setitem__
        if self.is_formula:
            add("is_money", forms.BooleanField(label=gettext_lazy("It is an amount of money, with two places"), required=False))
        if base in NUMBERS:
            if base == "number":
                places = [(number, str(number)) for number in range(MOST_PLACES + 1)]
                add("places", forms.TypedChoiceField(label=gettext_lazy("Decimal places"), choices=places, coerce=int, initial=0, required=False))
            add("unit", forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False))
            help_text = _("Names of other fields, + − × ÷, SUM, AVG, MIN, MAX, COUNT over a column (SUM(%(example)s)), ROUND, ABS, IF, BLANK, DAYS.")
            example = _("lines.amount")
            formula = forms.CharField(
                label=gettext_lazy("Formula"), max_length=LONGEST, required=self.is_formula, help_text=help_text % {"example": example},
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
            if self.is_formula:
                add("formula", formula)
        if base in TEXTS:
            add("longest", forms.IntegerField(label=gettext_lazy("Most characters"), required=False, min_value=1, max_value=20_000))
        if base in ("choice", "choices"):
            help_text = _("One in each line; its name in English after a bar: %(example)s") % {"example": "招标 | Tender"}
            add("choices", forms.CharField(label=gettext_lazy("Choices"), widget=forms.Textarea(attrs={"rows": 6}), help_text=help_text, max_length=6_000))
        if (base in ROLES and table is None and not self.is_formula) or (self.is_formula and table is None):
            add("role", forms.ChoiceField(label=gettext_lazy("What it is of the paper"), choices=ROLES["money" if self.is_formula else base], required=False))
        if not self.is_formula:
            add("required", forms.BooleanField(label=gettext_lazy("It must be filled in"), required=False))
            add("later", forms.BooleanField(label=gettext_lazy("It is left to a step of the route"), required=False))
        binding = gettext_lazy("Where it is changed after a return, everybody decides anew")
        add("binding", forms.BooleanField(label=binding, required=False, initial=base in BINDING))
        reserved = gettext_lazy("Only those who decide see it, not whoever is sent a copy")
        add("reserved", forms.BooleanField(label=reserved, required=False))
        if base in NUMBERS:
            add("negative", forms.BooleanField(label=gettext_lazy("It may be less than nothing"), required=False))
        if table is not None:
            if base in NUMBERS:
                add("sum", forms.BooleanField(label=gettext_lazy("Its sum stands below the table"), required=False))
            facts = [(name, FACT_NAMES[name]) for name in FACTS if base in FACT_TYPES[name] or (self.is_formula and "number" in FACT_TYPES[name])]
            if facts:
                add("fact", forms.ChoiceField(label=gettext_lazy("In statistics it is"), choices=[("", "—"), *facts], required=False))
        else:
            add("once", forms.BooleanField(label=gettext_lazy("No two papers may say the same here"), required=False))
        if table is None:
            add("help", forms.CharField(label=gettext_lazy("Hint below the field"), max_length=200, required=False))
        add("test", forms.CharField(label=gettext_lazy("What must hold"), max_length=LONGEST, required=False, help_text=_test_help()))
        add("says", forms.CharField(label=gettext_lazy("Sentence where it does not"), max_length=120, required=False))

    def clean_choices(self) -> list[tuple[str, str]]:
        lines = [line.strip() for line in self.cleaned_data["choices"].splitlines() if line.strip()]
        pairs = [(zh.strip(), en.strip()) for zh, _bar, en in (line.replace("｜", "|").partition("|") for line in lines)]
        if len(pairs) > MOST_CHOICES:
            raise ValidationError(_("Up to %(most)s choices.") % {"most": MOST_CHOICES})
        if any(not zh or len(zh) > LONGEST_NAME for zh, _en in pairs) or len({zh for zh, _en in pairs}) != len(pairs):
            raise ValidationError(_("Each choice has a name of its own, of up to %(most)s characters.") % {"most": LONGEST_NAME})
        return pairs

    def clean_formula(self) -> str:
        return self._formula("formula")

    def clean_test(self) -> str:
        return self._formula("test")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("test")) != bool(cleaned.get("says")) and not self.errors:
            self.add_error("says" if cleaned.get("test") else "test", _("What must hold and the sentence belong together."))
        if cleaned.get("required") and cleaned.get("later"):
            self.add_error("later", _("What is left to a step cannot be asked of the requester. The step says whether it must be filled in."))
        if cleaned.get("role") == "amount" and self.is_formula and not cleaned.get("is_money"):
            self.add_error("role", _("The amount of a paper is an amount of money."))
        return cleaned

    def written(self, raw: Raw) -> Raw:
        """What is stored, changed by what was written; what has no question here stays."""
        said_now = self.cleaned_data
        made = dict(raw) | {"label": {"zh": said_now["label"], "en": said_now["label_en"] or said_now["label"]}}
        if self.is_formula:
            made["type"] = "money" if said_now["is_money"] else "number"
        for name in ("places", "unit", "longest", "formula", "role", "required", "later", "reserved", "negative", "sum", "once"):
            if name in self.fields:
                made[name] = said_now[name]
                if said_now[name] in ("", None, False, 0):
                    made.pop(name)
        if said_now["binding"] != raw.get("binding", made.get("type") in BINDING):
            made["binding"] = said_now["binding"]
        if "help" in self.fields:
            made.pop("help", None)
            made |= {"help": {"zh": said_now["help"], "en": (raw.get("help") or {}).get("en") or said_now["help"]}} if said_now["help"] else {}
        if "choices" in self.fields:
            made["choices"] = _choices(raw.get("choices", []), said_now["choices"])
        if self.table is None:
            known = raw.get("checks", [])
            first: Raw = {"test": said_now["test"], "says": _sentence(known, said_now["says"])}
            checks = [(known[0] if known else {}) | first] if said_now["test"] else []
            made.pop("checks", None)
            made |= {"checks": several} if (several := [*checks, *known[1:]]) else {}
        return made

    def _formula(self, name: str) -> str:
        """Refuses what cannot be read, and what it names that is not there, in a sentence at the field."""
        text = self.cleaned_data[name].strip()
        if not text:
            return ""
        formula = self.naming.written(text)
        try:
            read_formula(formula, _("The formula"))
        except DefinitionError as error:
            raise ValidationError(str(error)) from error
        return formula


class TableForm(forms.Form):
    """A table of lines: its name, how many lines, what tells them apart."""

    label = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=LONGEST_NAME, initial="明细")
    label_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False, initial="Lines")
    required = forms.BooleanField(label=gettext_lazy("It needs at least one line"), required=False, initial=True)
    most = forms.IntegerField(label=gettext_lazy("Most lines"), min_value=1, max_value=MOST_LINES, initial=MOST_LINES)

    def __init__(self, *args: Any, table: Raw, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [(str(raw["key"]), said(raw["label"])) for raw in table.get("columns", ()) if not raw.get("formula")]
        if columns:
            self.fields["once"] = forms.MultipleChoiceField(
                label=pgettext_lazy("columns of a table", "No two lines have the same"), choices=columns, required=False, widget=forms.CheckboxSelectMultiple
            )

    def written(self, raw: Raw) -> Raw:
        said_now = self.cleaned_data
        label = {"zh": said_now["label"], "en": said_now["label_en"] or said_now["label"]}
        return raw | {"label": label, "required": said_now["required"], "most": said_now["most"], "once": said_now.get("once", raw.get("once", []))}


def initial_of_field(raw: Mapping[str, Any], naming: Naming, table: Raw | None) -> Raw:
    """What the form shows of what is stored."""
    names = ("places", "unit", "longest", "role", "required", "later", "reserved", "negative", "sum", "once")
    found: Raw = {name: raw[name] for name in names if name in raw}
    label = raw.get("label", {})
    found |= {"label": label.get("zh", ""), "label_en": label.get("en", "")}
    found["help"] = (raw.get("help") or {}).get("zh", "")
    found["formula"], found["is_money"] = naming.shown(str(raw.get("formula", ""))), raw.get("type") == "money"
    found["binding"] = raw.get("binding", raw.get("type") in BINDING)
    found["choices"] = "\n".join(f"{one['label']['zh']} | {one['label'].get('en', '')}".rstrip(" |") for one in raw.get("choices", ()))
    own = table.get("checks", []) if table is not None else raw.get("checks", [])
    check = next((one for one in own if table is None or one.get("at") == raw.get("key")), None)
    if check is not None:
        found |= {"test": naming.shown(str(check.get("test", ""))), "says": check.get("says", {}).get("zh", "")}
    if table is not None:
        found["fact"] = next((name for name, column in table.get("facts", {}).items() if column == raw.get("key")), "")
    return found


def into_table(table: Raw, key: str, form: FieldForm) -> None:
    """What a column says to its table: what it is in statistics, and its check, which stands there."""
    said_now = form.cleaned_data
    if "fact" in form.fields:
        facts = {name: column for name, column in table.get("facts", {}).items() if column != key and name != said_now["fact"]}
        facts |= {said_now["fact"]: key} if said_now["fact"] else {}
        table |= {"facts": facts} if facts or table.get("facts") else {}
    own = [one for one in table.get("checks", []) if one.get("at") == key]
    others = [one for one in table.get("checks", []) if one.get("at") != key]
    if said_now["test"]:
        own[:1] = [(own[0] if own else {}) | {"at": key, "test": said_now["test"], "says": _sentence(own, said_now["says"])}]
    else:
        own = own[1:]
    table |= {"checks": [*others, *own]} if others or own or table.get("checks") else {}


def _sentence(checks: list[Raw], zh: str) -> Raw:
    """The English of a sentence stays while its Chinese does."""
    known = (checks[0].get("says") if checks else None) or {}
    return {"zh": zh, "en": known.get("en", zh) if known.get("zh") == zh else zh}


def _choices(stored: list[Raw], pairs: list[tuple[str, str]]) -> list[Raw]:
    """A choice keeps its value while its name stays, or else its place."""
    by_name = {one["label"]["zh"]: str(one["value"]) for one in stored}
    names = {zh for zh, _en in pairs}
    free = {place: str(one["value"]) for place, one in enumerate(stored) if one["label"]["zh"] not in names}
    taken, made = {*by_name.values()}, []
    for place, (zh, en) in enumerate(pairs):
        value = by_name.get(zh) or free.get(place)
        if value is None:
            value = next(f"c{number}" for number in range(1, 1000) if f"c{number}" not in taken)
            taken.add(value)
        made.append({"value": value, "label": {"zh": zh, "en": en or zh}})
    return made


def _test_help() -> str:
    return _("A comparison, such as %(example)s. What is not filled in yet is not told.") % {"example": _("price <= ceiling")}
