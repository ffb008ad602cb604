"""Trying a route: whom a paper of this person with these values would find, and why. Nothing is written."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals.definitions.conditions import Condition
from portal.approvals.definitions.forms import FormPlan
from portal.approvals.definitions.routes import Choice, Node, Route
from portal.approvals.errors import PaperError
from portal.approvals.foreseeing import Foreseen, foresee
from portal.approvals.paper_form import field_of, kept_value
from portal.approvals.placing import Case
from portal.directory.fields import PersonField
from portal.organization.models import Employment


class TrialForm(forms.Form):
    """A person, and what the route looks at."""

    def __init__(self, *args: Any, form_plan: FormPlan, asked: list[str], actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"prefix": "try"})
        self.plan, self.asked = form_plan, asked
        self.fields["person"] = PersonField(label=_("Begun by"))
        for key in asked:
            if (plan := form_plan.field(key)) is not None and plan.type not in ("files", "long_text", "paper"):
                self.fields[key] = field_of(plan, is_required=False, actor=actor)

    def values(self) -> dict[str, Any]:
        return {key: kept_value(plan, self.cleaned_data.get(key)) for key in self.asked if (plan := self.plan.field(key)) and key in self.fields}


class Trial:
    """What is asked for in the address; `foreseen` is None where nothing was tried or it could not be."""

    def __init__(self, data: Mapping[str, Any], route: Route, plan: FormPlan, *, actor: Any, keeper: str) -> None:
        is_tried = "try-person" in data
        self.form = TrialForm(data if is_tried else None, form_plan=plan, asked=looked_at(route), actor=actor)
        self.values: dict[str, Any] = {}
        self.foreseen: list[Foreseen] | None = None
        self.sentence = ""
        if is_tried and self.form.is_valid():
            self._try(self.form.cleaned_data["person"], route, plan, keeper)

    def _try(self, person: User, route: Route, plan: FormPlan, keeper: str) -> None:
        post = Employment.objects.current().filter(person=person).order_by("-is_primary", "-starts_on", "pk").first()
        if post is None:
            self.sentence = _("%(person)s holds no post today, and so begins no paper.") % {"person": person.name}
            return
        self.values = self.form.values()
        try:
            self.foreseen = foresee(Case(person.pk, post.department_id, plan, self.values, {}, keeper), route)
        except PaperError as error:
            self.sentence = str(error)

    @property
    def days(self) -> int:
        return sum(1 for one in self.foreseen or () if not one.is_told)


def looked_at(route: Route) -> list[str]:
    """The fields by which the way is chosen, or whose heads decide, in the order in which they come."""
    found: dict[str, None] = {}
    for condition in _conditions(route.nodes):
        found[condition.field] = None
    for step in route:
        for approver in (one for group in step.groups for one in group.approvers):
            if approver.by == "field_head" and "." not in approver.field:
                found[approver.field] = None
    return list(found)


def _conditions(nodes: tuple[Node, ...]) -> list[Condition]:
    found = []
    for node in nodes:
        if isinstance(node, Choice):
            for case in node.cases:
                found += [one for together in case.when for one in together]
                found += _conditions(case.steps)
            found += _conditions(node.otherwise)
    return found
