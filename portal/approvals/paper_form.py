"""The form of a kind as Django draws and reads it. What a form does not ask for is refused by name, or not read (S11)."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.access.policies import visible_to
from portal.accounts.models import User
from portal.approvals.cells import Cells, half_width, read_amount, read_month
from portal.approvals.computing import Trouble, is_wanted_of_requester
from portal.approvals.definitions.forms import FieldPlan, FormPlan, TablePlan, Values
from portal.approvals.definitions.routes import Route
from portal.approvals.fields_said import said_value
from portal.approvals.lines_form import TableForm
from portal.approvals.models import Paper, PaperKind
from portal.approvals.services.contents import troubles_of, whole, with_filled
from portal.attachments.forms import AttachmentsField
from portal.attachments.models import Attachment
from portal.directory.fields import DepartmentField, PersonField
from portal.foundation.moments import DayField
from portal.organization.models import Department, Employment
from portal.organization.places import person_label, posts_of

CHOOSE = "choose_"
POST = "employment"
LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 20_000
MOST_LINKED = 8
BRACKETS = str.maketrans("([)]", "〔〔〕〕")
FIRST_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class AmountField(forms.CharField):
    """A number as people write it; see `read_amount`."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, plan: FieldPlan, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)
        self.plan = plan

    def clean(self, value: Any) -> Decimal | None:
        may_be_negative = self.plan.may_be_negative or self.plan.type == "number"
        return read_amount(super().clean(value), places=self.plan.places, greatest=self.plan.greatest, may_be_negative=may_be_negative)

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value):f}" if isinstance(value, str) and FIRST_NUMBER.fullmatch(value) else value


class MonthField(forms.CharField):
    """A month by the browser's own control, or typed."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-11"})

    def clean(self, value: Any) -> str | None:
        return read_month(super().clean(value))


class PaperReferenceField(forms.CharField):
    """Another paper by its number, of those that this person sees."""

    def __init__(self, *, actor: Any, **kwargs: Any) -> None:
        super().__init__(max_length=80, **kwargs)
        self.actor = actor

    def clean(self, value: Any) -> int | None:
        text = super().clean(value).strip()
        if not text:
            return None
        squeezed = half_width(text).replace(" ", "").translate(BRACKETS)
        found = visible_to(Paper, self.actor).filter(number__in=[text, squeezed])
        if (paper := found.first()) is None:
            raise ValidationError(_("You see no paper of the number “%(text)s”.") % {"text": text})
        return int(paper.pk)


class PaperForm(forms.Form):
    """Fields by the plan with its tables, then whom the requester chooses. `is_draft`: nothing has to be there yet.

    `writes` says which paths a step writes, and whether it must; without it this is the requester's form. What is sent besides is refused by name.
    """

    def __init__(
        self,
        *args: Any,
        kind: PaperKind,
        plan: FormPlan,
        route: Route,
        actor: Any,
        paper: Any = None,
        stored: Values | None = None,
        posts: list[Employment] | None = None,
        writes: Mapping[str, bool] | None = None,
        is_draft: bool = False,
        has_files: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.plan, self.route, self.actor, self.paper = kind, plan, route, actor, paper
        self.writes, self.stored, self.is_draft = writes, stored or {}, is_draft
        self.is_forbidden = False
        if posts and len(posts) > 1:
            choices = [(str(post.pk), f"{post.department.label} · {post.position.label}") for post in posts]
            self.fields[POST] = forms.ChoiceField(label=_("Begun as"), choices=choices, required=False)
        for field in plan:
            if self._is_written(field.key, field) and (field.type != "files" or has_files):
                self._add_field(field)
        cells = Cells()
        self.tables = [self._table(table, cells) for table in plan.tables]
        if writes is None:
            self._add_choices()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for step in self.route:
            people = self._chosen(step.key)
            if any(person == self.actor for person in people):
                self.add_error(f"{CHOOSE}{step.key}_0", _("Nobody decides on a paper that they began themselves."))
            if len(people) != len(set(people)):
                self.add_error(f"{CHOOSE}{step.key}_0", _("Each person once."))
        self._refuse_others()
        if not self.is_forbidden:
            self._check()
        return cleaned

    def values(self) -> dict[str, Any]:
        """What was written, as a content keeps it; in a step that alone, lines with their uid."""
        heads = {field.key: kept_value(field, self.cleaned_data.get(field.key)) for field in self.plan if self.writes is None or field.key in self.fields}
        tables = self.tables if self.writes is None else [table for table in self.tables if table.writable]
        return heads | {table.plan.key: table.lines() if self.writes is None else table.filled() for table in tables}

    def computed(self) -> dict[str, Any]:
        """All that the paper says with what is written now."""
        written = self.values()
        merged = written if self.writes is None else with_filled(self.plan, self.stored, written, self.writes)
        return whole(self.plan, merged, self.kind)

    def show_computed(self) -> list[Trouble]:
        """Take over into the tables what is computed and what does not hold; returns what does not."""
        values = self.computed()
        wanted = (lambda _path, _field: False) if self.is_draft else self._is_wanted
        troubles = troubles_of(self.plan, values, paper_id=self.paper.pk if self.paper else None, wanted=wanted, writes=self.writes or ())
        for table in self.tables:
            table.show(values.get(table.plan.key) or [], troubles)
        self.heads_now = self._said_heads(values)
        return troubles

    def chosen(self) -> dict[str, list[int]]:
        """Whom the requester chose, by step."""
        found = {step.key: [person.pk for person in self._chosen(step.key)] for step in self.route if step.chosen_by_requester}
        return {key: people for key, people in found.items() if people}

    def said_heads(self) -> list[tuple[str, str, str]]:
        """Computed fields of the form: (id, label, words)."""
        known: list[tuple[str, str, str]] | None = getattr(self, "heads_now", None)
        return known if known is not None else self._said_heads(self.stored)

    def _said_heads(self, values: Values) -> list[tuple[str, str, str]]:
        return [(f"value-{field.key}", field.label, said_value(field, values.get(field.key), {})) for field in self.plan if field.formula is not None]

    def _check(self) -> None:
        troubles = self.show_computed()
        if self.is_draft:
            troubles = []
        for trouble in troubles:
            if not trouble.table and trouble.is_grave:
                self.add_error(trouble.key if trouble.key in self.fields else None, trouble.sentence)
        for table in self.tables:
            if table.error:
                self.add_error(None, f"{table.plan.label}: {table.error}")
            is_refused = not table.is_valid if not self.is_draft else any(row.errors for row in table.written)
            if is_refused and (places := table.places()):
                self.add_error(None, _told_of_cells(places))

    def _refuse_others(self) -> None:
        """(S11) Refuses by name what this person does not write here; what is computed is not read at all."""
        others = [field.label for field in self.plan if field.key in self.data and field.key not in self.fields and not field.is_computed]
        others += [name for table in self.tables for name in table.forbidden]
        if others:
            self.is_forbidden = True
            self.add_error(None, _("You cannot change this here: %(fields)s.") % {"fields": _(", ").join(dict.fromkeys(others))})

    def _is_written(self, path: str, field: FieldPlan) -> bool:
        return not field.is_computed and (not field.is_later if self.writes is None else path in self.writes)

    def _is_wanted(self, path: str, field: FieldPlan) -> bool:
        return (self.writes or {}).get(path, False) or is_wanted_of_requester(path, field)

    def _add_field(self, field: FieldPlan) -> None:
        is_titled = field.role == "title" and self.plan.of_role("period") is not None
        is_required = (field.is_required if self.writes is None else self.writes[field.key]) and not self.is_draft and not is_titled
        made = self.fields[field.key] = field_of(field, is_required=is_required, actor=self.actor)
        if isinstance(made, AttachmentsField):
            made.belongs_to(self.actor, self.paper)

    def _table(self, plan: TablePlan, cells: Cells) -> TableForm:
        writable = [column.key for column in plan.columns if self._is_written(f"{plan.key}.{column.key}", column)]
        is_fixed = self.writes is not None
        table = TableForm(plan, self.stored.get(plan.key) or [], writable=writable, cells=cells, is_fixed=is_fixed, reserved=True)
        if self.is_bound:
            table.bind(self.data)
        return table

    def _add_choices(self) -> None:
        for step in self.route:
            if (rule := step.chosen_by_requester) is not None:
                for number in range(rule.most):
                    label = _("%(step)s: who decides") % {"step": step.label} if number == 0 else _("and")
                    self.fields[f"{CHOOSE}{step.key}_{number}"] = PersonField(label=label, required=number < rule.least and not self.is_draft)

    def _chosen(self, key: str) -> list[User]:
        return [person for name, person in self.cleaned_data.items() if name.startswith(f"{CHOOSE}{key}_") and person is not None]


def _told_of_cells(places: Sequence[tuple[str, str]]) -> SafeString:
    """有 2 处需要修改：第 5 行 需用日，第 10 行 单耗, each with a link."""
    links = format_html_join(_(", "), '<a href="#{}">{}</a>', places[:MOST_LINKED])
    count = ngettext("%(count)s place has to be changed:", "%(count)s places have to be changed:", len(places)) % {"count": len(places)}
    return format_html("{} {}{}", count, links, " …" if len(places) > MOST_LINKED else "")


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
        elif field.type == "paper" and value:
            value = Paper.objects.filter(pk=value).values_list("number", flat=True).first() or ""
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


def field_of(plan: FieldPlan, *, is_required: bool, actor: Any) -> forms.Field:
    common: dict[str, Any] = {"label": plan.label, "help_text": plan.help, "required": is_required}
    match plan.type:
        case "long_text":
            return forms.CharField(max_length=plan.longest or LONGEST_LONG_TEXT, widget=forms.Textarea(attrs={"rows": 8}), **common)
        case "money" | "number":
            return AmountField(plan, **common)
        case "month":
            return MonthField(**common)
        case "paper":
            return PaperReferenceField(actor=actor, **common)
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


def kept_value(plan: FieldPlan, value: Any) -> Any:
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
        case "item" | "supplier":
            return " ".join(str(value).split())
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
