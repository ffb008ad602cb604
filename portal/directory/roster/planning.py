"""Comparing a roster with the plant. Pure: the same lines and the same present give the same plan, and nothing is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.directory.roster.columns import ROSTER_COLUMNS
from portal.directory.roster.plan import NewPosition, RosterKind, RosterLine, RosterPlan
from portal.directory.roster.present import CARD_FIELDS, PERSON_FIELDS, PersonNow, PositionNow, PostNow, Present
from portal.directory.roster.tree import DEPARTMENT, Key, Tree, UnknownPlaceError
from portal.foundation.nearness import near_names
from portal.imports.lines import Fault, Line
from portal.imports.meanings import Answer, Meanings
from portal.imports.values import fold, read_text

POSITION = "position"
COMPARED = (*PERSON_FIELDS, *CARD_FIELDS)


def plan_roster(
    lines: Sequence[Line],
    present: Present,
    *,
    is_complete: bool = False,
    actor_id: int | None = None,
    changes_administrators: bool = False,
    answers: Mapping[str, Mapping[str, Answer]] | None = None,
) -> RosterPlan:
    """What these lines would do to the plant on the present's day.

    A blank cell says nothing and erases nothing. With `is_complete`, employees whom no line names have left; administrators and whoever imports
    are never dismissed so, and without `changes_administrators` a line that would change one is refused. `answers` say what names mean that the plant
    does not know; what is near to one that it knows is a question of the plan.
    """
    planner = _Planner(present, changes_administrators, Meanings(answers))
    planner.tree.declare(lines)
    planner.note_duplicates(lines)
    planned = [planner.plan(line) for line in lines]
    if is_complete:
        planned += planner.plan_leavers(actor_id)
    used = {line.position for line in planned if line.has_effect}
    departments = _with_those_above(planner.tree, [line.department for line in planned if line.has_effect])
    positions = [position for position in planner.positions.new.values() if position.name in used]
    new = {DEPARTMENT: {planner.tree.path_of(department.key) for department in departments}, POSITION: {position.name for position in positions}}
    return RosterPlan(departments=departments, positions=positions, lines=planned, questions=planner.meanings.questions(used=new))


@dataclass(slots=True)
class _Positions:
    present: Present
    meanings: Meanings
    new: dict[str, NewPosition] = field(default_factory=dict)
    _known: dict[str, PositionNow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for position in reversed(self.present.positions.values()):
            self._known |= {fold(name): position for name in (position.name_en, position.name, position.code) if name}

    def resolve(self, line: Line) -> Key:
        """The id of the position that a line means, or the name of a new one. Raises ValueError with a sentence."""
        name, level, is_head = (line.values.get(field_name) for field_name in ("position", "level", "is_head"))
        if not name:
            raise ValueError(_("The position is missing."))
        known = self._known.get(fold(name))
        if known is not None:
            if level is not None and level != known.clearance:
                raise ValueError(_("“%(position)s” has another clearance. Change it under Positions, for all who hold it.") % {"position": name})
            return known.id
        labels = {position.id: position.name for position in self.present.positions.values()}
        meant = self.meanings.known(POSITION, name, labels)
        if meant is not None:
            return meant
        if name not in self.new:
            names = {position.id: (position.name, position.name_en) for position in self.present.positions.values()}
            self.meanings.ask(POSITION, name, [(pk, labels[pk]) for pk in near_names(name, names)])
        new = self.new.setdefault(name, NewPosition(name, 1 if level is None else level, bool(is_head)))
        if level is not None and level != new.clearance:
            raise ValueError(_("An earlier line gives “%(position)s” another clearance.") % {"position": name})
        return name


class _Planner:
    def __init__(self, present: Present, changes_administrators: bool, meanings: Meanings) -> None:
        self.present = present
        self.changes_administrators = changes_administrators
        self.meanings = meanings
        self.tree = Tree(present, meanings)
        self.positions = _Positions(present, meanings)
        self.by_name: dict[str, list[PersonNow]] = defaultdict(list)
        self.named: set[int] = set()
        self.rows_of: dict[str, list[int]] = defaultdict(list)
        for person in present.people.values():
            if person.is_employee:
                self.by_name[person.values["name"]].append(person)

    def note_duplicates(self, lines: Sequence[Line]) -> None:
        for line in lines:
            if "employee_number" in line.values:
                self.rows_of[line.values["employee_number"]].append(line.number)

    def plan(self, line: Line) -> RosterLine:
        faults = list(line.faults)
        person = self._person(line, faults)
        if person is not None:
            self.named.add(person.id)
        number = line.values.get("employee_number") or (person.employee_number if person else "")
        name = line.values.get("name") or (person.values["name"] if person else "")
        planned = RosterLine(line.number, RosterKind.REFUSED, number, name, person_id=person.id if person else None, faults=faults)
        department = self._department(line, person, faults)
        position = self._position(line, person, faults)
        if not faults and department is not None and position is not None:
            planned.department, planned.position = department, position
            if person is None:
                self._plan_new(planned, line)
            else:
                self._plan_known(planned, line, person)
                if person.is_superuser and planned.has_effect and not self.changes_administrators:
                    planned.faults.append(Fault("employee_number", _("Administrators are changed by administrators.")))
        if planned.faults:
            planned.kind = RosterKind.REFUSED
        return planned

    def plan_leavers(self, actor_id: int | None) -> list[RosterLine]:
        leavers = []
        for person in self.present.people.values():
            if person.current is None or not person.is_employee or person.id in self.named or person.is_superuser or person.id == actor_id:
                continue
            leavers.append(
                RosterLine(
                    0,
                    RosterKind.LEFT,
                    person.employee_number,
                    person.values["name"],
                    changes=self._held_post(person.current),
                    on=self.present.day.isoformat(),
                    person_id=person.id,
                    department=person.current.department_id,
                    position=person.current.position_id,
                )
            )
        return leavers

    def _person(self, line: Line, faults: list[Fault]) -> PersonNow | None:
        """Who a line is about, by number, or by a name that only one person has; None for someone new."""
        number, name = line.values.get("employee_number"), line.values.get("name")
        if number:
            if len(self.rows_of[number]) > 1:
                rows = _(", ").join(str(row) for row in self.rows_of[number] if row != line.number)
                faults.append(Fault("employee_number", _("The same number is in row %(rows)s.") % {"rows": rows}))
            person = self.present.people.get(number)
            if person is None and not name and not any(fault.field == "name" for fault in faults):
                faults.append(Fault("name", _("The name is missing.")))
            if person is not None and not person.is_employee:
                faults.append(Fault("employee_number", _("This number belongs to a customer.")))
            return person
        if any(fault.field == "employee_number" for fault in faults):
            return None
        if not name:
            faults.append(Fault("employee_number", _("The employee number is missing.")))
            return None
        candidates = self.by_name.get(name, [])
        if len(candidates) == 1:
            if candidates[0].id in self.named or self.rows_of.get(candidates[0].employee_number):
                faults.append(Fault("employee_number", _("The employee number is missing, and another row is about the only %(name)s.") % {"name": name}))
            return candidates[0]
        if candidates:
            self.named.update(person.id for person in candidates)
            who = _(", ").join(self._describe(person) for person in candidates)
            faults.append(Fault("employee_number", _("Several people have this name: %(people)s. Give the employee number.") % {"people": who}))
        else:
            faults.append(Fault("employee_number", _("The employee number is missing.")))
        return None

    def _describe(self, person: PersonNow) -> str:
        post = person.current or next(iter(person.planned), None)
        return f"{person.values['name']} {person.employee_number} {self.tree.path_of(post.department_id) if post else ''}".strip()

    def _department(self, line: Line, person: PersonNow | None, faults: list[Fault]) -> Key | None:
        post = _latest(person)
        if not line.values.get("department") and not line.values.get("department_code") and post is not None:
            return None if any(fault.field == "department" for fault in faults) else post.department_id
        try:
            return self.tree.resolve(line)
        except UnknownPlaceError as error:
            if not any(fault.field == "department" for fault in faults):
                faults.append(Fault("department", str(error)))
            return None

    def _position(self, line: Line, person: PersonNow | None, faults: list[Fault]) -> Key | None:
        post = _latest(person)
        if not line.values.get("position") and post is not None:
            return None if any(fault.field == "position" for fault in faults) else post.position_id
        try:
            return self.positions.resolve(line)
        except ValueError as error:
            faults.append(Fault("position", str(error)))
            return None

    def _plan_new(self, planned: RosterLine, line: Line) -> None:
        starts_on = line.values.get("starts_on") or self.present.day
        ends_on = line.values.get("ends_on")
        if ends_on is not None and ends_on < self.present.day:
            planned.faults.append(Fault("ends_on", _("Someone who has left already is not taken on.")))
        elif ends_on is not None and ends_on < starts_on:
            planned.faults.append(Fault("ends_on", _("The last day is before the first.")))
        planned.kind = RosterKind.NEW
        planned.on, planned.ends_on = starts_on.isoformat(), _iso(ends_on)
        planned.changes = {name: ("", str(line.values[name])) for name in COMPARED if line.values.get(name)} | self._new_post(planned)

    def _plan_known(self, planned: RosterLine, line: Line, person: PersonNow) -> None:
        planned.changes = {
            name: (person.values[name], line.values[name]) for name in COMPARED if line.values.get(name) and line.values[name] != _folded(name, person)
        }
        posts = [post for post in (person.current, *person.planned) if post is not None]
        same = next((post for post in posts if (post.department_id, post.position_id) == (planned.department, planned.position)), None)
        starts_on, ends_on = line.values.get("starts_on"), line.values.get("ends_on")
        if not posts:
            self._plan_return(planned, person, starts_on, ends_on)
        elif same is not None:
            planned.kind = RosterKind.CHANGED if planned.changes else RosterKind.UNCHANGED
            self._plan_end(planned, same, ends_on)
            if person.is_superuser and planned.ends_on:
                planned.faults.append(Fault("ends_on", _("An administrator is dismissed by hand, on the card.")))
        elif person.planned:
            day = person.planned[0].starts_on.isoformat()
            planned.faults.append(
                Fault("department", _("%(person)s is to move on %(day)s already. Withdraw that first.") % {"person": planned.label, "day": day})
            )
        else:
            self._plan_move(planned, person.current, starts_on, ends_on)

    def _plan_return(self, planned: RosterLine, person: PersonNow, starts_on: date | None, ends_on: date | None) -> None:
        """A leaver who stands in the roster with the day of leaving has not come back."""
        if ends_on is not None and ends_on < self.present.day:
            planned.kind = RosterKind.CHANGED if planned.changes else RosterKind.UNCHANGED
            return
        begins = starts_on if starts_on and (person.last_day is None or starts_on > person.last_day) else self.present.day
        if ends_on is not None and ends_on < begins:
            planned.faults.append(Fault("ends_on", _("The last day is before the first.")))
        planned.kind = RosterKind.RETURNS
        planned.changes |= self._new_post(planned)
        planned.on, planned.ends_on = begins.isoformat(), _iso(ends_on)

    def _plan_end(self, planned: RosterLine, post: PostNow, ends_on: date | None) -> None:
        if ends_on is None or ends_on == post.ends_on:
            return
        if ends_on < post.starts_on:
            planned.faults.append(Fault("ends_on", _("The last day is before the first.")))
        planned.kind = RosterKind.CHANGED
        planned.ends_on = ends_on.isoformat()
        planned.changes["ends_on"] = (_iso(post.ends_on) or "", ends_on.isoformat())

    def _plan_move(self, planned: RosterLine, current: PostNow | None, starts_on: date | None, ends_on: date | None) -> None:
        """The day of the move is the roster's if it is later than the present post's first, else today: many rosters give the day of hiring."""
        assert current is not None
        moves_on = starts_on if starts_on and starts_on > current.starts_on else self.present.day
        if ends_on is not None:
            planned.faults.append(Fault("ends_on", _("A move and a last day in one line: give one of them.")))
        planned.kind = RosterKind.MOVED
        planned.on = moves_on.isoformat()
        planned.changes["department"] = (self.tree.path_of(current.department_id), self.tree.path_of(planned.department))
        planned.changes["position"] = (self.present.positions[current.position_id].name, self._position_name(planned.position))
        planned.changes = {name: change for name, change in planned.changes.items() if change[0] != change[1]}

    def _new_post(self, planned: RosterLine) -> dict[str, tuple[str, str]]:
        return {"department": ("", self.tree.path_of(planned.department)), "position": ("", self._position_name(planned.position))}

    def _held_post(self, post: PostNow) -> dict[str, tuple[str, str]]:
        """What somebody who leaves held."""
        return {"department": (self.tree.path_of(post.department_id), ""), "position": (self.present.positions[post.position_id].name, "")}

    def _position_name(self, key: Key | None) -> str:
        return self.present.positions[key].name if isinstance(key, int) else str(key)


def _latest(person: PersonNow | None) -> PostNow | None:
    """The post that a line without a department or position leaves a person in."""
    return None if person is None else person.current or next(iter(person.planned), None)


def _folded(name: str, person: PersonNow) -> str:
    """What is stored, as a roster would say it."""
    try:
        return ROSTER_COLUMNS.by_code[name].read(person.values[name]) or ""
    except ValueError:
        return read_text(person.values[name]) or ""


def _with_those_above(tree: Tree, keys: Sequence[Key | None]) -> list[Any]:
    """The new departments that are needed, parents before those below."""
    needed: dict[Any, Any] = {}

    def need(key: Key | None) -> None:
        if isinstance(key, str) and key not in needed:
            need(tree.new[key].parent)
            needed[key] = tree.new[key]

    for key in keys:
        need(key)
    return list(needed.values())


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
