"""A page of a survey as a form: a field, or several, for each question; what is typed as `Given`, and each mistake in words at its place."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.surveys.models.surveys import LONGEST_TEXT, OTHER, Question
from crm.surveys.paths import NOTHING, Answers, Given
from portal.foundation.moments import DayField

SHORT = 200
Kind = Question.Kind


class PageForm(forms.Form):
    """`numbers` are the questions' numbers in the whole survey."""

    def __init__(self, questions: Sequence[Question], data: Any = None, *, given: Answers | None = None, leads: Mapping[str, str] | None = None) -> None:
        super().__init__(data)
        self.questions, known = questions, given or {}
        for one in questions:
            for name, field in _fields(one, known.get(one.key, NOTHING)).items():
                self.fields[name] = field
            if leads and leads.get(one.key):
                first = self.fields[_name(one)]
                first.help_text = f"{first.help_text} {leads[one.key]}".strip()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.given: dict[str, Given] = {}
        for one in self.questions:
            mistakes = any(name in self.errors for name in _fields(one, NOTHING))
            if not mistakes:
                self.given[one.key] = self._read(one, values)
        return values

    def _read(self, one: Question, values: Mapping[str, Any]) -> Given:
        """Checked; where something is wrong the mistake stands at the question."""
        found = _typed(one, values)
        mistake = _mistake(one, found)
        if mistake:
            name = _name(one)
            self.add_error(f"{name}-other" if mistake[1] else name, mistake[0])
        return found

    def typed(self) -> dict[str, Given]:
        """What stands there, right or not: for the way back."""
        raw = {name: field.widget.value_from_datadict(self.data, self.files, name) for name, field in self.fields.items()}
        return {one.key: _typed(one, raw) for one in self.questions}


def written(questions: Sequence[Question], given: Answers) -> dict[str, Any]:
    """What was given, as a form sends it: to check it again as a whole."""
    sent: dict[str, Any] = {}
    for one in questions:
        sent |= _written(one, given.get(one.key, NOTHING))
    return sent


def _name(one: Question) -> str:
    return f"q-{one.key}-1" if one.kind == Kind.RANKING else f"q-{one.key}"


def _fields(one: Question, given: Given) -> dict[str, forms.Field]:
    common: dict[str, Any] = {"label": one.text, "help_text": _help(one), "required": one.is_required}
    name = f"q-{one.key}"
    if one.kind == Kind.RANKING:
        return _ranks(one, given, common)
    if one.kind == Kind.NUMBER:
        bounds: dict[str, Any] = {"min_value": one.least, "max_value": one.most, "max_digits": 12, "decimal_places": 2}
        return {name: forms.DecimalField(**common, **bounds, initial=given.values[0] if given.values else None)}
    if one.kind == Kind.DAY:
        return {name: DayField(**common, initial=given.values[0] if given.values else None)}
    if one.kind == Kind.TEXT:
        widget = forms.Textarea(attrs={"rows": 4}) if one.is_long else None
        return {name: forms.CharField(**common, max_length=LONGEST_TEXT if one.is_long else SHORT, initial=given.text, widget=widget)}
    choices = _labelled(one)
    if one.kind == Kind.MANY:
        found: dict[str, forms.Field] = {
            name: forms.MultipleChoiceField(**common, choices=choices, widget=forms.CheckboxSelectMultiple, initial=list(given.values))
        }
    else:
        found = {name: forms.ChoiceField(**common, choices=choices, widget=forms.RadioSelect, initial=given.values[0] if given.values else None)}
    if one.has_other:
        found[f"{name}-other"] = forms.CharField(label=_("Other: what"), max_length=SHORT, required=False, initial=given.text)
    return found


def _labelled(one: Question) -> list[tuple[str, Any]]:
    choices = one.choices
    if one.kind != Kind.SCALE or not choices:
        return choices
    ends = {choices[0][0]: one.low_words, choices[-1][0]: one.high_words}
    return [(key, f"{label} · {ends[key]}" if ends.get(key) else label) for key, label in choices]


def _ranks(one: Question, given: Given, common: dict[str, Any]) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for place in range(1, len(one.options) + 1):
        first = given.values[place - 1] if len(given.values) >= place else ""
        words = {"text": one.text, "place": place}
        label = pgettext("of a ranking", "%(text)s — place %(place)s") % words if place == 1 else pgettext("of a ranking", "place %(place)s") % words
        help_text = common["help_text"] if place == 1 else ""
        choices = [("", "---------"), *one.choices]
        found[f"q-{one.key}-{place}"] = forms.ChoiceField(label=label, help_text=help_text, required=one.is_required, choices=choices, initial=first)
    return found


def _help(one: Question) -> str:
    parts = [one.help]
    if one.kind == Kind.NUMBER and one.unit:
        parts.append(_("In %(unit)s.") % {"unit": one.unit})
    if one.kind == Kind.NUMBER and one.least is not None and one.most is not None:
        parts.append(_("From %(least)s to %(most)s.") % {"least": plain(one.least), "most": plain(one.most)})
    if one.kind == Kind.MANY and (one.least or one.most):
        parts.append(_many_words(one))
    return " ".join(part for part in parts if part)


def _many_words(one: Question) -> str:
    words = {"least": int(one.least or 0), "most": int(one.most or 0)}
    if one.least and one.most:
        return _("Choose from %(least)s to %(most)s.") % words
    return _("Choose at least %(least)s.") % words if one.least else _("Choose at most %(most)s.") % words


def plain(number: Decimal) -> str:
    """Without zeros behind the point."""
    return f"{number:f}".rstrip("0").rstrip(".") if number != number.to_integral() else f"{number:.0f}"


def _typed(one: Question, values: Mapping[str, Any]) -> Given:
    name = f"q-{one.key}"
    if one.kind == Kind.RANKING:
        ranked = [str(values.get(f"{name}-{place}") or "") for place in range(1, len(one.options) + 1)]
        return Given(tuple(ranked)) if any(ranked) else NOTHING
    value = values.get(name)
    if one.kind == Kind.MANY:
        chosen = tuple(value or ())
    elif one.kind == Kind.TEXT:
        return Given(text=str(value or "").strip())
    else:
        chosen = (value.isoformat() if isinstance(value, date) else str(value),) if value not in (None, "") else ()
    words = str(values.get(f"{name}-other") or "").strip() if OTHER in chosen else ""
    return Given(chosen, words)


def _mistake(one: Question, given: Given) -> tuple[str, bool] | None:
    """A sentence, and whether it stands at the words of "other"."""
    if one.has_other and OTHER in given.values and not given.text:
        return _("Say what else it is."), True
    if one.kind == Kind.MANY and given.values and (len(given.values) < int(one.least or 0) or (one.most and len(given.values) > int(one.most))):
        return _("You chose %(number)s. %(rule)s") % {"number": len(given.values), "rule": _many_words(one)}, False
    if one.kind == Kind.RANKING and given.values and len(set(given.values) - {""}) != len(one.options):
        return _("Give each of them a place of its own, or none at all."), False
    return None


def _written(one: Question, given: Given) -> dict[str, Any]:
    name = f"q-{one.key}"
    if one.kind == Kind.RANKING:
        return {f"{name}-{place}": key for place, key in enumerate(given.values, start=1)}
    if one.kind == Kind.TEXT:
        return {name: given.text}
    if one.kind == Kind.MANY:
        return {name: list(given.values), f"{name}-other": given.text}
    return {name: given.values[0] if given.values else "", f"{name}-other": given.text}


def forget_mistakes(form: PageForm, asked: Sequence[Question]) -> None:
    """Of a whole sheet: a question that was skipped needs no answer."""
    names = {name for one in asked for name in _fields(one, NOTHING)}
    for name in [name for name in form.errors if name not in names]:
        del form.errors[name]


def checked(questions: Sequence[Question], given: Answers) -> PageForm:
    """The form of these questions as if all of it had just been sent."""
    return PageForm(questions, written(questions, given), given=given)
