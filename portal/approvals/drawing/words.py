"""What is drawn, in sentences: who decides a step, when a case is taken, what a field is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.access.models import AudienceGroup
from portal.accounts.models import User
from portal.approvals.definitions.forms import FormPlan
from portal.approvals.definitions.labels import said
from portal.approvals.definitions.paths import Column, nodes_of
from portal.approvals.foreseeing import condition_words, limit_words
from portal.organization.models import Department, Duty, Position

Raw = Mapping[str, Any]

TYPE_NAMES: dict[str, str | Promise] = {
    "text": pgettext_lazy("type of field", "Text"),
    "long_text": gettext_lazy("Long text"),
    "number": pgettext_lazy("type of field", "Number"),
    "money": pgettext_lazy("type of field", "Amount of money"),
    "day": pgettext_lazy("type of field", "Day"),
    "month": pgettext_lazy("type of field", "Month"),
    "choice": gettext_lazy("One of several"),
    "choices": gettext_lazy("Several of several"),
    "person": gettext_lazy("Person"),
    "department": gettext_lazy("Department"),
    "item": gettext_lazy("Material or product"),
    "supplier": gettext_lazy("Supplier"),
    "files": gettext_lazy("Files"),
    "paper": gettext_lazy("Another paper"),
    "formula": gettext_lazy("Formula"),
    "table": gettext_lazy("Table of lines"),
}
STEP_NAMES: dict[str, str | Promise] = {
    "approve": pgettext_lazy("type of step", "Approve"),
    "fill": pgettext_lazy("type of step", "Fill in"),
    "acknowledge": pgettext_lazy("type of step", "Acknowledge"),
    "reply": pgettext_lazy("type of step", "Reply"),
    "tell": pgettext_lazy("type of step", "Only told"),
}
MODE_NAMES: dict[str, str | Promise] = {
    "any": gettext_lazy("One of them is enough"),
    "all": gettext_lazy("All of them, at once"),
    "in_order": gettext_lazy("All of them, one after the other"),
}
STRATEGY_NAMES: dict[str, str | Promise] = {
    "requester_head": gettext_lazy("Head of the requester's department"),
    "requester_heads": gettext_lazy("Heads from the requester's department up"),
    "department_head": gettext_lazy("Head of a certain department"),
    "position": gettext_lazy("A position"),
    "requester_position": gettext_lazy("A position in the requester's department"),
    "duty": gettext_lazy("A duty"),
    "covering_duty": gettext_lazy("The leader in charge of the requester's department"),
    "person": gettext_lazy("A certain person"),
    "group": gettext_lazy("A group"),
    "field_head": gettext_lazy("Head of what a field names"),
    "requester_choice": gettext_lazy("Whom the requester chooses"),
    "requester": gettext_lazy("The requester"),
}


class DrawnWords:
    """Names are read once, and those only that the route names."""

    def __init__(self, steps: Column, fields: Sequence[Raw], tables: Sequence[Raw]) -> None:
        approvers = [one for _path, node in nodes_of(steps) for group in node.get("groups", ()) for one in group.get("approvers", ())]
        self.departments = _labels(Department, {one.get("department") for one in approvers})
        self.positions = _labels(Position, {one.get("position") for one in approvers})
        self.duties = _labels(Duty, {one.get("duty") for one in approvers})
        people = {one.get("person") for one in approvers} - {None}
        self.people = dict(User.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
        groups = {one.get("group") for one in approvers} - {None}
        self.groups = dict(AudienceGroup.objects.filter(pk__in=groups).values_list("pk", "name")) if groups else {}
        self.fields = {str(raw["key"]): said(raw.get("label", {})) for raw in fields}
        for table in tables:
            self.fields |= {f"{table['key']}.{raw['key']}": f"{said(table['label'])} · {said(raw['label'])}" for raw in table.get("columns", ())}

    def approver(self, raw: Raw) -> str:
        by = raw.get("by")
        words = {
            "department": self.departments.get(raw.get("department", ""), raw.get("department", "")),
            "position": self.positions.get(raw.get("position", ""), raw.get("position", "")),
            "duty": self.duties.get(raw.get("duty", ""), raw.get("duty", "")),
            "field": self.fields.get(raw.get("field", ""), raw.get("field", "")),
            "levels": raw.get("levels", 0),
        }
        match by:
            case "requester_head" if raw.get("levels", 0) >= 9:
                return _("the head of the plant")
            case "requester_head" if raw.get("levels", 0):
                return _("the head %(levels)s levels above the requester's department") % words
            case "requester_head":
                return _("the head of the requester's department")
            case "requester_heads":
                return _("the heads from the requester's department up, %(levels)s levels") % words
            case "department_head":
                return _("the head of %(department)s") % words
            case "position" if raw.get("department"):
                return _("%(position)s in %(department)s") % words
            case "position":
                return str(words["position"])
            case "requester_position":
                return _("%(position)s in the requester's department") % words
            case "duty":
                return _("whoever has the duty “%(duty)s”") % words
            case "covering_duty":
                return _("the leader in charge of the requester's department")
            case "person":
                return str(self.people.get(int(raw.get("person") or 0), "?"))
            case "group":
                return _("the group “%(group)s”") % {"group": self.groups.get(int(raw.get("group") or 0), "?")}
            case "field_head":
                return _("the head of what “%(field)s” names") % words
            case "requester_choice":
                return _("whom the requester chooses")
        return _("the requester")

    def who(self, node: Raw) -> str:
        """Of all groups of a step."""
        parts = []
        for group in node.get("groups", ()):
            joined = {"any": _(" or "), "in_order": _(", then ")}.get(group.get("mode", "any"), _(" and "))
            parts.append(joined.join(self.approver(one) for one in group.get("approvers", ())))
        return _(" and ").join(part for part in parts if part)

    def step(self, node: Raw) -> str:
        """Who decides, until when, what they fill in."""
        written = [self.fields.get(path, path) for path in node.get("writes", {})]
        parts = [self.who(node), limit_words(node.get("due") or {})]
        if written:
            parts.append(_("fills in %(names)s") % {"names": _(", ").join(written)})
        return " · ".join(part for part in parts if part)


def case_words(when: Sequence[Sequence[Raw]], form: FormPlan | None) -> list[str]:
    """One line for each alternative."""
    if form is None:
        return [_(" and also ").join(f"{one.get('field')} {one.get('op')} {one.get('value') or ''}" for one in together) for together in when]
    return [_(" and also ").join(condition_words({"value": None, **one}, form) for one in together) for together in when]


def field_words(raw: Raw) -> str:
    """What a field is, beside its name."""
    parts = [str(TYPE_NAMES["formula"] if raw.get("formula") else TYPE_NAMES.get(str(raw.get("type")), raw.get("type")))]
    if raw.get("unit"):
        parts.append(str(raw["unit"]))
    if raw.get("required"):
        parts.append(_("required"))
    if raw.get("later"):
        parts.append(_("left to a step"))
    if raw.get("role"):
        parts.append({"title": _("title of the paper"), "amount": _("amount of the paper"), "period": _("once a month")}.get(str(raw["role"]), _("month")))
    return " · ".join(parts)


def _labels(model: Any, codes: set[str | None]) -> dict[str, str]:
    wanted = {code for code in codes if code}
    return {row.code: row.label for row in model.objects.filter(code__in=wanted)} if wanted else {}
