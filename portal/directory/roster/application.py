"""Carrying a plan out, wholly or not at all, in the caller's transaction."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.directory.roster.plan import RosterKind, RosterLine, RosterPlan
from portal.directory.roster.present import CARD_FIELDS, PERSON_FIELDS
from portal.directory.roster.tree import Key
from portal.imports.errors import ImportRefusedError
from portal.organization.models import Department, Employment, Position
from portal.organization.querysets import today
from portal.organization.registry import announce_changes
from portal.organization.services.concerned import deputies_of
from portal.organization.services.departments import open_department
from portal.organization.services.employments import add_employment, end_employment, lock_person
from portal.organization.services.many import Move, Newcomer, change_cards, enrol_all, move_all
from portal.organization.services.people import change_person, dismiss_person, reopen_account
from portal.organization.services.positions import save_position

Progress = Callable[[int, int], None]
Work = Callable[[Sequence[RosterLine]], None]
BATCH = 500


def apply_plan(plan: RosterPlan, *, actor: Any, on_progress: Progress | None = None) -> set[int]:
    """Do what the plan says and return whom it touched. Whatever raises leaves it to the caller's transaction to undo everything."""
    tell = on_progress or (lambda done, total: None)
    application = _Application(plan, actor)
    total, done = len(plan.effects), 0
    for work, lines in application.works(plan.effects):
        for start in range(0, len(lines), BATCH):
            tell(done, total)
            work(lines[start : start + BATCH])
            done += len(lines[start : start + BATCH])
    if application.touched:
        announce_changes(application.touched | deputies_of(Employment.objects.filter(person__in=application.touched)))
    tell(total, total)
    return application.touched


class _Application:
    def __init__(self, plan: RosterPlan, actor: Any) -> None:
        self.actor = actor
        self.touched: set[int] = set()
        self.departments: dict[Key, Department] = {department.pk: department for department in Department.objects.all()}
        self.positions: dict[Key, Position] = {position.pk: position for position in Position.objects.all()}
        self._open_departments(plan)
        self._create_positions(plan)
        ids = [line.person_id for line in plan.lines if line.has_effect and line.person_id]
        self.people = {person.pk: person for person in User.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")}

    def works(self, lines: Sequence[RosterLine]) -> list[tuple[Work, list[RosterLine]]]:
        """What is done with which lines, in this order: all of one kind at once, in statements of many rows."""
        of_kind: dict[str, list[RosterLine]] = defaultdict(list)
        for line in lines:
            of_kind[line.kind].append(line)
        ends = [line for line in of_kind[RosterKind.CHANGED] if line.end is not None]
        changed = [line for line in of_kind[RosterKind.CHANGED] if line.end is None]
        return [
            (self._enrol, of_kind[RosterKind.NEW]),
            (self._dismiss, of_kind[RosterKind.LEFT]),
            (self._correct, changed),
            (self._move, of_kind[RosterKind.MOVED]),
            (self._take_back, of_kind[RosterKind.RETURNS]),
            (self._end, ends),
        ]

    def _enrol(self, lines: Sequence[RosterLine]) -> None:
        newcomers = []
        for line in lines:
            values = {name: after for name, (_before, after) in line.changes.items()}
            department, position = self._post(line)
            newcomers.append(
                Newcomer(
                    employee_number=line.key,
                    names={name: values[name] for name in PERSON_FIELDS if name in values},
                    card={name: values[name] for name in CARD_FIELDS if name in values},
                    department=department,
                    position=position,
                    starts_on=line.start,
                    ends_on=line.end,
                )
            )
        self.touched |= {person.pk for person in enrol_all(newcomers, actor=self.actor)}

    def _dismiss(self, lines: Sequence[RosterLine]) -> None:
        for line in lines:
            dismiss_person(self._person(line), leaves_on=line.start, actor=self.actor, reason=_("Not in the complete roster."))

    def _correct(self, lines: Sequence[RosterLine]) -> None:
        cards = []
        for line in lines:
            person = self._person(line)
            names = {name: after for name, (_before, after) in line.changes.items() if name in PERSON_FIELDS}
            card = {name: after for name, (_before, after) in line.changes.items() if name in CARD_FIELDS}
            if names:
                change_person(person, actor=self.actor, **names)
            if card:
                cards.append((person, card))
            self.touched.add(person.pk)
        change_cards(cards, actor=self.actor)

    def _move(self, lines: Sequence[RosterLine]) -> None:
        self._correct(lines)
        move_all([Move(self._person(line), *self._post(line), line.start) for line in lines], actor=self.actor)

    def _take_back(self, lines: Sequence[RosterLine]) -> None:
        self._correct(lines)
        for line in lines:
            person = self._person(line)
            department, position = self._post(line)
            add_employment(person, department=department, position=position, starts_on=line.start, ends_on=line.end, actor=self.actor)
            reopen_account(person, actor=self.actor)

    def _end(self, lines: Sequence[RosterLine]) -> None:
        """A last day is a departure when nothing follows it: the account closes the day after."""
        self._correct(lines)
        for line in lines:
            person = self._person(line)
            assert line.end is not None
            lock_person(person)
            department, position = self._post(line)
            posts = Employment.objects.filter(person=person, is_primary=True, department=department, position=position).order_by("-starts_on")
            if not Employment.objects.filter(person=person, starts_on__gt=today()).exists() and person.pk != self.actor.pk:
                dismiss_person(person, leaves_on=line.end + timedelta(days=1), actor=self.actor)
            else:
                end_employment(posts[0], last_day=line.end, actor=self.actor)

    def _person(self, line: RosterLine) -> User:
        return self.people[line.person_id]  # type: ignore[index]  # only new people have none

    def _post(self, line: RosterLine) -> tuple[Department, Position]:
        assert line.department is not None
        assert line.position is not None
        return self.departments[line.department], self.positions[line.position]

    def _open_departments(self, plan: RosterPlan) -> None:
        codes = {department.code.lower() for department in self.departments.values()}
        number = 0
        for new in plan.departments:
            code = new.code
            while not code or code.lower() in codes:
                number += 1
                code = f"N{number:04d}"
            codes.add(code.lower())
            parent = self.departments[new.parent] if new.parent is not None else None
            self.departments[new.key] = open_department(actor=self.actor, code=code[:32], name=new.name, parent=parent, kind=new.kind)

    def _create_positions(self, plan: RosterPlan) -> None:
        codes = {position.code for position in self.positions.values()}
        number = 0
        for new in plan.positions:
            while (code := f"P{number:03d}") in codes:
                number += 1
            codes.add(code)
            if not 0 <= new.clearance <= 4:
                raise ImportRefusedError(_("Choose one of the levels."))
            values = {"code": code, "name": new.name, "clearance": new.clearance, "is_head": new.is_head, "order": len(self.positions)}
            self.positions[new.name] = save_position(None, actor=self.actor, **values)
