"""The form of a kind as Django draws and reads it. What a form does not ask for is not read (S11)."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals.definitions.forms import LARGEST_MONEY, FieldPlan, FormPlan, Values, read_decimal
from portal.approvals.definitions.routes import Route
from portal.attachments.forms import AttachmentsField
from portal.attachments.models import Attachment
from portal.directory.fields import DepartmentField, PersonField
from portal.foundation.moments import DayField
from portal.organization.models import Department, Employment
from portal.organization.places import person_label, posts_of

GROUPED = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
CHOOSE = "choose_"
POST = "employment"
LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 20_000
LARGEST_NUMBER = Decimal("99999999999999")


class AmountField(forms.CharField):
    """A number as people write it: full width, with commas between thousands. Refuses what could be read in two ways (1.234,5)."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, places: int, greatest: Decimal, may_be_negative: bool, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.places, self.greatest, self.may_be_negative = places, greatest, may_be_negative

    def clean(self, value: Any) -> Decimal | None:
        text = unicodedata.normalize("NFKC", super().clean(value)).replace(" ", "").lstrip("¥￥")
        if not text:
            return None
        if not GROUPED.fullmatch(text):
            raise ValidationError(_("“%(text)s” is no number. Write it as 1234.50 or 1,234.50.") % {"text": text})
        try:
            number = read_decimal(text.replace(",", ""))
        except InvalidOperation as error:
            raise ValidationError(_("“%(text)s” is no number. Write it as 1234.50 or 1,234.50.") % {"text": text}) from error
        exponent = number.as_tuple().exponent
        if isinstance(exponent, int) and -exponent > self.places:
            raise ValidationError(_("Up to %(places)s decimal places.") % {"places": self.places})
        if number < 0 and not self.may_be_negative:
            raise ValidationError(_("It cannot be less than nothing."))
        if abs(number) > self.greatest:
            raise ValidationError(_("Up to %(most)s.") % {"most": f"{self.greatest:,}"})
        return number + 0  # no -0

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value):f}" if isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) else value


class PaperForm(forms.Form):
    """Fields by the plan, then whom the requester chooses. `is_draft`: nothing has to be there yet."""

    def __init__(
        self,
        *args: Any,
        plan: FormPlan,
        route: Route,
        actor: Any,
        paper: Any = None,
        posts: list[Employment] | None = None,
        is_draft: bool = False,
        has_files: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plan, self.route, self.actor = plan, route, actor
        if posts and len(posts) > 1:
            choices = [(str(post.pk), f"{post.department.label} · {post.position.label}") for post in posts]
            self.fields[POST] = forms.ChoiceField(label=_("Begun as"), choices=choices, required=False)
        for field in plan:
            if field.type == "files" and not has_files:
                continue
            self.fields[field.key] = _field(field, is_required=field.is_required and not is_draft)
            if isinstance(made := self.fields[field.key], AttachmentsField):
                made.belongs_to(actor, paper)
        for step in route:
            if (rule := step.chosen_by_requester) is not None:
                for number in range(rule.most):
                    label = _("%(step)s: who decides") % {"step": step.label} if number == 0 else _("and")
                    self.fields[f"{CHOOSE}{step.key}_{number}"] = PersonField(label=label, required=number < rule.least and not is_draft)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for step in self.route:
            people = self._chosen(step.key)
            if any(person == self.actor for person in people):
                self.add_error(f"{CHOOSE}{step.key}_0", _("Nobody decides on a paper that they began themselves."))
            if len(people) != len(set(people)):
                self.add_error(f"{CHOOSE}{step.key}_0", _("Each person once."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What was written, as a content keeps it."""
        return {field.key: _kept(field, self.cleaned_data.get(field.key)) for field in self.plan}

    def chosen(self) -> dict[str, list[int]]:
        """Whom the requester chose, by step."""
        found = {step.key: [person.pk for person in self._chosen(step.key)] for step in self.route if step.chosen_by_requester}
        return {key: people for key, people in found.items() if people}

    def _chosen(self, key: str) -> list[User]:
        return [person for name, person in self.cleaned_data.items() if name.startswith(f"{CHOOSE}{key}_") and person is not None]


def initial_of(plan: FormPlan, values: Values, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What a form shows of a content or a draft."""
    initial: dict[str, Any] = {}
    for field in plan:
        value = values.get(field.key)
        if field.type == "files":
            value = [UUID(str(file["id"])) for file in value or []]
        elif field.type == "day" and value:
            value = date.fromisoformat(str(value))
        elif field.type == "person" and value:
            value = _person_words([value]).get(int(value), "")
        initial[field.key] = value
    people = [pk for several in chosen.values() for pk in several]
    words = _person_words(people) if people else {}
    for key, several in chosen.items():
        initial |= {f"{CHOOSE}{key}_{number}": words.get(int(pk), "") for number, pk in enumerate(several)}
    return initial


def _person_words(ids: list[int]) -> dict[int, str]:
    people = list(User.objects.filter(pk__in=ids))
    posts = posts_of(people)
    return {person.pk: person_label(person, posts) for person in people}


def _field(plan: FieldPlan, *, is_required: bool) -> forms.Field:
    common: dict[str, Any] = {"label": plan.label, "help_text": plan.help, "required": is_required}
    match plan.type:
        case "long_text":
            return forms.CharField(max_length=plan.longest or LONGEST_LONG_TEXT, widget=forms.Textarea(attrs={"rows": 8}), **common)
        case "money":
            return AmountField(places=2, greatest=LARGEST_MONEY, may_be_negative=False, **common)
        case "number":
            return AmountField(places=plan.places, greatest=LARGEST_NUMBER, may_be_negative=True, **common)
        case "day":
            return DayField(**common)
        case "choice":
            empty = [("", "—")]
            return forms.ChoiceField(choices=[*empty, *((code, plan.choice_label(code)) for code, _label in plan.choices)], **common)
        case "choices":
            choices = [(code, plan.choice_label(code)) for code, _label in plan.choices]
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
        case "person":
            return PersonField(**common)
        case "department":
            return DepartmentField(empty_label="—", **common)
        case "files":
            return AttachmentsField(**common)
    return forms.CharField(max_length=plan.longest or LONGEST_TEXT, **common)


def _kept(plan: FieldPlan, value: Any) -> Any:
    """A cleaned value as JSON keeps it; None where nothing was written."""
    if value in (None, "", []):
        return None
    match plan.type:
        case "money":
            return f"{value:.2f}"
        case "number":
            return f"{value:f}"
        case "day":
            return value.isoformat()
        case "person" | "department":
            return value.pk if isinstance(value, User | Department) else value
        case "files":
            return files_kept(value)
        case "long_text":
            return str(value).replace("\r\n", "\n")
    return value


def files_kept(ids: list[UUID]) -> list[dict[str, Any]]:
    """Files as a content keeps them: with their digests, so that a vote is on these very files."""
    rows = {row.pk: row for row in Attachment.objects.filter(pk__in=ids).select_related("file")}
    return [{"id": str(pk), "name": rows[pk].name, "sha256": rows[pk].file.sha256, "size": rows[pk].file.size} for pk in ids if pk in rows]
