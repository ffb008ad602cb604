"""The way that a paper goes: a column of steps, with choices between columns. One step is open at a time."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.approvals.definitions.conditions import Alternatives, check_conditions, holds, read_conditions
from portal.approvals.definitions.forms import FormPlan, Values
from portal.approvals.definitions.labels import read_label, said
from portal.approvals.definitions.paths import DEEPEST
from portal.approvals.errors import DefinitionError

STEP_TYPES = ("approve", "fill", "acknowledge", "reply", "tell")
MODES = ("any", "all", "in_order")
STRATEGIES = (
    "person",  # person: the id
    "requester",
    "requester_head",  # levels: 0 the own department's, 1 the one above
    "requester_heads",  # levels: a run of heads, from the own one up
    "department_head",  # department: the code
    "field_head",  # field: of a department, or of a person
    "position",  # position, and department or none for the whole plant
    "requester_position",  # position, in the requester's department
    "duty",  # duty: the code
    "covering_duty",  # duties that cover the requester's department
    "group",  # group: the id
    "requester_choice",  # least, most
)
REVISE = "revise"

MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Approver:
    """Who decides, by a strategy.

    `is_each`: whoever holds the seat when the step opens decides for themselves. `is_whole`: of the requester's department, not of its section or shift.
    """

    by: str
    person: int = 0
    department: str = ""
    position: str = ""
    duty: str = ""
    field: str = ""
    group: int = 0
    levels: int = 0
    least: int = 1
    most: int = 1
    is_each: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    approvers: tuple[Approver, ...]
    mode: str = "any"


@dataclass(frozen=True, slots=True)
class StepPlan:
    """`due` is {"days": 2} or {"hours": 4} of working time. `binds`: the paper cannot be withdrawn once somebody has approved here.

    `writes`: which fields and columns (table.column) are filled in here, and whether they must be.
    """

    key: str
    label_in: Mapping[str, str]
    type: str
    groups: tuple[Group, ...]
    due: Mapping[str, float]
    counts_earlier: bool = True
    binds: bool = False
    writes: tuple[tuple[str, bool], ...] = ()

    @property
    def kind(self) -> str:
        """As a step is stored: whoever is asked decides, whatever it is called; or is only told."""
        return "tell" if self.type == "tell" else "approve"

    @property
    def label(self) -> str:
        return said(self.label_in)

    @property
    def chosen_by_requester(self) -> Approver | None:
        """The rule by which the requester chooses who decides here."""
        return next((one for group in self.groups for one in group.approvers if one.by == "requester_choice"), None)


@dataclass(frozen=True, slots=True)
class Case:
    when: Alternatives
    steps: tuple["StepPlan | Choice", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Cases in their order; the first that holds is taken, else what is otherwise."""

    cases: tuple[Case, ...]
    otherwise: tuple["StepPlan | Choice", ...]

    def choose(self, form: FormPlan, values: Values) -> tuple[tuple["StepPlan | Choice", ...], dict[str, Any]]:
        """The column that is taken, and why: the case, with the values that it looked at."""
        for number, case in enumerate(self.cases, 1):
            if holds(case.when, form, values):
                return case.steps, self._because(number, (case,), values)
        return self.otherwise, self._because(0, self.cases, values)

    def _because(self, number: int, cases: Sequence[Case], values: Values) -> dict[str, Any]:
        looked_at = [condition for case in cases for together in case.when for condition in together]
        return {
            "case": number,
            "conditions": [[condition.as_data() for condition in together] for case in cases for together in case.when],
            "values": {condition.field: values.get(condition.field) for condition in looked_at},
        }


Node = StepPlan | Choice


@dataclass(frozen=True, slots=True)
class Found:
    """The next step, and the choices that led to it."""

    plan: StepPlan
    because: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    nodes: tuple[Node, ...]

    def __iter__(self) -> Iterator[StepPlan]:
        """Every step, of every column."""
        yield from _steps(self.nodes)

    def step(self, key: str) -> StepPlan | None:
        return next((step for step in self if step.key == key), None)

    def first(self, form: FormPlan, values: Values) -> Found | None:
        return _first(self.nodes, form, values, ())

    def after(self, key: str, form: FormPlan, values: Values) -> Found | None:
        """What follows a step; choices behind it are made by the values of now, those before it stay as they were made."""
        for nodes, place in reversed(_place_of(key, self.nodes) or []):
            if found := _first(nodes[place + 1 :], form, values, ()):
                return found
        return None


def read_route(raw: Any) -> Route:
    """The plan of a stored route. Refuses keys twice, unknown strategies, and choices within choices within choices."""
    route = Route(_read_nodes(raw, 0))
    keys = [step.key for step in route]
    if len(set(keys)) != len(keys):
        raise DefinitionError(f"two steps of one key in {keys}")
    if not 0 < len(keys) <= MOST_STEPS:
        raise DefinitionError(_("A route has 1 to %(most)s steps.") % {"most": MOST_STEPS})
    if all(step.type == "tell" for step in route):
        raise DefinitionError(_("A route needs somebody who decides."))
    return route


def check_route(route: Route, form: FormPlan) -> None:
    """Refuses a route that asks this form for what it does not have."""
    for choice in _choices(route.nodes):
        for case in choice.cases:
            check_conditions(case.when, form, _("a case"))
    for step in route:
        check_step(step, form)
    if unwritten := form.later - {path for step in route for path, _is_needed in step.writes}:
        raise DefinitionError(_("No step writes “%(names)s”.") % {"names": names_of(form, unwritten)})


def check_step(step: StepPlan, form: FormPlan) -> None:
    """The same for one step."""
    for approver in (approver for group in step.groups for approver in group.approvers):
        field = form.path(approver.field) if approver.by == "field_head" else None
        if approver.by == "field_head" and (field is None or field.type not in ("department", "person")):
            raise DefinitionError(_("“%(name)s” is no field of a department or a person, so it has no head.") % {"name": approver.field})
    if unknown := {path for path, _is_needed in step.writes} - form.later:
        raise DefinitionError(_("“%(names)s” is not left to a step, so only whoever begins a paper writes it.") % {"names": names_of(form, unknown)})


def names_of(form: FormPlan, paths: Iterable[str]) -> str:
    return "、".join(field.label if (field := form.path(path)) else path for path in sorted(paths))


def _first(nodes: Sequence[Node], form: FormPlan, values: Values, because: tuple[dict[str, Any], ...]) -> Found | None:
    for node in nodes:
        if isinstance(node, StepPlan):
            return Found(node, because)
        column, why = node.choose(form, values)
        if found := _first(column, form, values, (*because, why)):
            return found
    return None


def _place_of(key: str, nodes: Sequence[Node]) -> list[tuple[Sequence[Node], int]] | None:
    """Where a step stands, from the outermost column in."""
    for place, node in enumerate(nodes):
        if isinstance(node, StepPlan):
            if node.key == key:
                return [(nodes, place)]
            continue
        for column in (*(case.steps for case in node.cases), node.otherwise):
            if (inner := _place_of(key, column)) is not None:
                return [(nodes, place), *inner]
    return None


def _steps(nodes: Sequence[Node]) -> Iterator[StepPlan]:
    for node in nodes:
        if isinstance(node, StepPlan):
            yield node
        else:
            for column in (*(case.steps for case in node.cases), node.otherwise):
                yield from _steps(column)


def _choices(nodes: Sequence[Node]) -> Iterator[Choice]:
    for node in nodes:
        if isinstance(node, Choice):
            yield node
            for column in (*(case.steps for case in node.cases), node.otherwise):
                yield from _choices(column)


def _read_nodes(raw: Any, depth: int) -> tuple[Node, ...]:
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise DefinitionError("steps are a list")
    if depth > DEEPEST:
        raise DefinitionError(f"choices stand within each other {DEEPEST} times at most")
    return tuple(_read_node(one, depth) for one in raw)


def _read_node(raw: Mapping[str, Any], depth: int) -> Node:
    if raw.get("type") == "choose":
        cases = tuple(Case(read_conditions(one.get("when"), "a case"), _read_nodes(one.get("steps", ()), depth + 1)) for one in raw.get("cases", ()))
        if not cases:
            raise DefinitionError(_("A choice has at least one case."))
        return Choice(cases, _read_nodes(raw.get("otherwise", ()), depth + 1))
    key = str(raw.get("key", ""))
    if not key.isidentifier() or not key.isascii() or len(key) > 40 or key == REVISE:
        raise DefinitionError(f"a key is of letters, digits and _, and not {REVISE!r}: {key!r}")
    if raw.get("type") not in STEP_TYPES:
        raise DefinitionError(f"{key}: no type {raw.get('type')!r}")
    groups = tuple(_read_group(one, key) for one in raw.get("groups", ()))
    if not groups:
        raise DefinitionError(_("This step says of nobody who decides."))
    due = raw.get("due") or {}
    if set(due) - {"days", "hours"} or len(due) > 1 or any(not 0 < value <= 250 for value in due.values()):
        raise DefinitionError(f"{key}: a time limit is some days or some hours")
    writes = tuple((str(path), bool(is_needed)) for path, is_needed in dict(raw.get("writes", {})).items())
    if (raw["type"] == "fill" and not writes) or (writes and raw["type"] not in ("fill", "reply")):
        raise DefinitionError(_("A step that fills in says what it writes, one that replies may, and no other does."))
    return StepPlan(
        key,
        read_label(raw.get("label"), key),
        str(raw["type"]),
        groups,
        dict(due),
        bool(raw.get("counts_earlier", not writes)),
        bool(raw.get("binds", False)),
        writes,
    )


def _read_group(raw: Mapping[str, Any], key: str) -> Group:
    mode = str(raw.get("mode", "any"))
    if mode not in MODES:
        raise DefinitionError(f"{key}: no mode {mode!r}")
    approvers = tuple(_read_approver(one, key) for one in raw.get("approvers", ()))
    if not approvers:
        raise DefinitionError(_("This step says of nobody who decides."))
    return Group(approvers, mode)


def _read_approver(raw: Mapping[str, Any], key: str) -> Approver:
    if raw.get("by") not in STRATEGIES:
        raise DefinitionError(f"{key}: no strategy {raw.get('by')!r}")
    known = {"by", "person", "department", "position", "duty", "field", "group", "levels", "least", "most"}
    if unknown := set(raw) - known - {"each", "whole"}:
        raise DefinitionError(f"{key}: {', '.join(sorted(unknown))} means nothing of an approver")
    return Approver(**{name: raw[name] for name in known & set(raw)}, is_each=bool(raw.get("each", False)), is_whole=bool(raw.get("whole", False)))
