"""What keeps a drawn kind from being published, each fault at its place; by the same reading as what the release ships."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from portal.approvals.definitions.conditions import check_conditions, read_conditions
from portal.approvals.definitions.fields import read_field
from portal.approvals.definitions.forms import FormPlan, read_form
from portal.approvals.definitions.labels import said
from portal.approvals.definitions.overlaps import is_taken, may_meet, never_holds
from portal.approvals.definitions.paths import DEEPEST, depth_of, nodes_of
from portal.approvals.definitions.routes import Route, check_route, check_step, names_of, read_route
from portal.approvals.definitions.tables import read_table
from portal.approvals.errors import DefinitionError

Raw = Mapping[str, Any]
Kept = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """`place` is `form`, `route`, `field:total`, `field:lines.price`, `table:lines`, `step:2.0.1` or `case:2.0`. What is not grave is told."""

    place: str
    sentence: str
    is_grave: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """What a drawing means, as far as it means something."""

    form: FormPlan | None
    route: Route | None
    faults: tuple[Fault, ...]

    @property
    def grave(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.is_grave]

    def at(self, *places: str) -> list[Fault]:
        return [fault for fault in self.faults if fault.place in places]


def read_drawing(fields: Sequence[Raw], tables: Sequence[Raw], steps: Sequence[Raw], *, kept: Kept | None = None) -> Read:
    """`kept` are the types of all keys of earlier versions: a key keeps its type for good, so that papers of both can be counted together."""
    form, form_faults = _read_form(fields, tables)
    form_faults += _changed_types(fields, tables, kept or {})
    route, route_faults = _read_route(list(steps), form)
    return Read(form, route, (*form_faults, *route_faults))


def types_of(fields: Sequence[Raw], tables: Sequence[Raw]) -> dict[str, str]:
    """The type of each field, and of each column as table.column."""
    found = {str(raw.get("key")): str(raw.get("type")) for raw in fields}
    return found | {f"{table.get('key')}.{raw.get('key')}": str(raw.get("type")) for table in tables for raw in table.get("columns", ())}


def _read_form(fields: Sequence[Raw], tables: Sequence[Raw]) -> tuple[FormPlan | None, list[Fault]]:
    found: list[Fault] = []
    for raw in fields:
        found += _refused(f"field:{raw.get('key')}", partial(read_field, raw))
    for table in tables:
        columns: list[Fault] = []
        for raw in table.get("columns", ()):
            columns += _refused(f"field:{table.get('key')}.{raw.get('key')}", partial(read_field, raw))
        found += columns or _refused(f"table:{table.get('key')}", partial(_check_table, table))
    if found:
        return None, found
    try:
        return read_form(fields, tables), []
    except DefinitionError as error:
        return None, _at_formulas(fields, tables) or [Fault("form", str(error))]


def _check_table(table: Raw) -> None:
    if not table.get("columns"):
        raise DefinitionError(_("A table has at least one column."))
    read_table(table)


def _at_formulas(fields: Sequence[Raw], tables: Sequence[Raw]) -> list[Fault]:
    """Each formula and check that names what is not there, at its field."""
    heads, columns = {str(raw["key"]) for raw in fields}, {(str(table["key"]), str(raw["key"])) for table in tables for raw in table["columns"]}
    found = []
    for table_key, raw in [*(("", raw) for raw in fields), *((str(table["key"]), raw) for table in tables for raw in table["columns"])]:
        formula = read_field(raw).formula
        own = {key for table, key in columns if table == table_key}
        unknown = (formula.names - heads - own) | {".".join(one) for one in formula.sums - columns} if formula is not None else set()
        if unknown:
            place = f"field:{table_key}.{raw['key']}" if table_key else f"field:{raw['key']}"
            found.append(Fault(place, _("The formula names “%(name)s”, which is not there.") % {"name": ", ".join(sorted(unknown))}))
    return found


def _changed_types(fields: Sequence[Raw], tables: Sequence[Raw], kept: Kept) -> list[Fault]:
    sentence = _("This key was of another type in an earlier version. Add a new field instead.")
    return [Fault(f"field:{path}", sentence) for path, kind in types_of(fields, tables).items() if kept.get(path, kind) != kind]


def _read_route(steps: list[Any], form: FormPlan | None) -> tuple[Route | None, list[Fault]]:
    found: list[Fault] = []
    for path, node in nodes_of(steps):
        if node.get("type") != "choose":
            found += _refused(f"step:{path}", partial(_check_step, node, form))
        else:
            if depth_of(path) >= DEEPEST:
                found.append(Fault(f"step:{path}", _("Choices stand within each other %(most)s times at most.") % {"most": DEEPEST}))
            found += _cases(path, node, form)
    if any(fault.is_grave for fault in found):
        return None, found
    try:
        route = read_route(steps)
        if form is not None:
            check_route(route, form)
    except DefinitionError as error:
        return None, [*found, *(_unwritten(steps, form) or [Fault("route", str(error))])]
    return route, found


def _check_step(node: Raw, form: FormPlan | None) -> None:
    [step] = read_route([{**node, "type": "approve", "writes": {}}] if node.get("type") == "tell" else [node])
    if form is not None:
        check_step(step, form)


def _cases(path: str, node: Raw, form: FormPlan | None) -> Iterator[Fault]:
    """Each case by itself, and then against those before it."""
    earlier: list[tuple[int, Any]] = []
    for number, case in enumerate(node.get("cases", ())):
        place, name = f"case:{path}.{number}", _("case %(number)s") % {"number": number + 1}
        try:
            alternatives = read_conditions(case.get("when"), name)
            if form is None:
                continue
            check_conditions(alternatives, form, name)
        except DefinitionError as error:
            yield Fault(place, str(error))
            continue
        if never_holds(alternatives, form):
            yield Fault(place, _("This never holds: its conditions exclude each other."))
        elif taker := next((other for other, held in earlier if is_taken(alternatives, held, form)), None):
            yield Fault(place, _("This is never reached: case %(number)s takes all of it. Put it before, or change it.") % {"number": taker})
        elif meets := [str(other) for other, held in earlier if may_meet(alternatives, held, form)]:
            sentence = _("It overlaps with case %(numbers)s; where both hold, the earlier one is taken.")
            yield Fault(place, sentence % {"numbers": _(", ").join(meets)}, is_grave=False)
        earlier.append((number + 1, alternatives))


def _unwritten(steps: list[Any], form: FormPlan | None) -> list[Fault]:
    """What is left to a step, and no step writes it."""
    if form is None:
        return []
    written = {path for _path, node in nodes_of(steps) for path in node.get("writes", {})}
    return [
        Fault(f"field:{path}", _("It is left to a step, and no step writes “%(names)s”.") % {"names": names_of(form, [path])})
        for path in sorted(form.later - written)
    ]


def _refused(place: str, read: Any) -> list[Fault]:
    try:
        read()
    except (DefinitionError, ValueError, TypeError, KeyError) as error:
        return [Fault(place, str(error))]
    return []


def label_of(raws: Collection[Raw], key: str) -> str:
    return next((said(raw.get("label", {})) for raw in raws if raw.get("key") == key), key)
