"""Whom a drawn route would find today: tried with each department of the plant, and nothing written."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.approvals.definitions.forms import FormPlan
from portal.approvals.definitions.paths import Column, nodes_of
from portal.approvals.definitions.routes import Approver, Group, Route, StepPlan
from portal.approvals.placing import Case, Placing, Slot
from portal.approvals.seats import Seating
from portal.approvals.words import is_empty
from portal.organization.models import Department, Employment

# What these find depends on the paper, so nothing can be said beforehand.
OF_THE_PAPER = frozenset({"field_head", "requester_choice", "requester"})
OF_THE_REQUESTER = frozenset({"requester_head", "requester_heads", "requester_position", "covering_duty"})


@dataclass(slots=True)
class Lack:
    """A step that finds nobody of its own for these departments, so it goes up. `is_nobody`: that does not help; `is_unnamed`: it names what is not there."""

    step: StepPlan
    path: str
    departments: list[Department] = field(default_factory=list)
    is_nobody: bool = False
    is_unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Simulated:
    lacks: list[Lack]
    total: int

    def at(self, path: str) -> Lack | None:
        return next((lack for lack in self.lacks if lack.path == path), None)


def simulate(route: Route, steps: Column, form: FormPlan, keeper: str) -> Simulated:
    """Each step with each department in which somebody works."""
    working = set(Employment.objects.current().values_list("department", flat=True))
    departments = [department for department in Department.objects.open().in_tree_order() if department.pk in working]
    paths = {node["key"]: path for path, node in nodes_of(steps) if node.get("type") != "choose"}
    seating = Seating()
    seating.load(f"head:{pk}" for pk in Department.objects.values_list("pk", flat=True))
    lacks = []
    for step in route:
        groups = [known for group in step.groups if (known := _foreseeable(group))]
        if not groups:
            continue
        is_same = not any(approver.by in OF_THE_REQUESTER for group in groups for approver in group.approvers)
        lack = Lack(step, paths.get(step.key, ""))
        for department in departments[:1] if is_same else departments:
            placing = Placing(Case(0, department.pk, form, {}, {}, keeper), seating)
            plan = StepPlan(step.key, step.label_in, step.type, tuple(groups), step.due)
            placed = placing.place(plan)
            if all(any(map(_is_found, group.slots)) if group.mode == "any" else all(map(_is_found, group.slots)) for group in placed):
                continue
            lack.departments.append(department)
            lack.is_nobody = lack.is_nobody or not any(slot.seats for group in placed for slot in group.slots)
            lack.is_unnamed = lack.is_unnamed or any(is_empty(reason) for group in placed for slot in group.slots for reason in slot.because)
        if lack.departments:
            lack.departments = departments if is_same else lack.departments
            lacks.append(lack)
    return Simulated(lacks, len(departments))


def _foreseeable(group: Group) -> Group | None:
    """Its approvers that do not depend on what a paper says; nothing where one of several that would do does."""
    known: Sequence[Approver] = [approver for approver in group.approvers if approver.by not in OF_THE_PAPER]
    if not known or (group.mode == "any" and len(known) < len(group.approvers)):
        return None
    return Group(tuple(known), group.mode)


def _is_found(slot: Slot) -> bool:
    return bool(slot.seats) and slot.is_direct and not any(is_empty(reason) for reason in slot.because)
