"""The way of one paper as a person would tell it: what is open, for whom, and what comes next. Told the same acts as the engine."""

from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.organization.models import Department, Duty, Position
from tests.approvals.naive import Place, Plant, is_over, open_seats

Groups = list[tuple[str, list[Place]]]


@dataclass
class Opened:
    """An opening of a step. `resumes` is the one that asked for it and to which one comes straight back."""

    key: str
    groups: Groups
    resumes: "Opened | None" = None
    came_from: dict[str, str] = field(default_factory=dict)  # a seat that was handed on, by the one from which it came
    voted: set[tuple[int, int]] = field(default_factory=set)  # who approved here in their own right, and which version


class Mirror:
    def __init__(self, steps: list[dict[str, Any]], originator: int, department: int, values: dict[str, Any]) -> None:
        self.steps, self.originator, self.department, self.values = steps, originator, department, values
        self.state = "running"
        self.at: Opened | None = None
        self.passed: list[Opened] = []
        self.version = 1
        self.known: set[str] = set()  # what was open already: whose turn comes is looked at once more
        self.plant = Plant()
        self.last: tuple[Opened, list[Opened]] | None = None  # the last approval, and how it stood before
        self._go_on(None)

    # What is there to be compared.

    def open(self) -> set[str]:
        return open_seats(self.at.groups) if self.at is not None else set()

    def may_act(self, seat: str) -> set[int]:
        return self.plant.people(seat, 0 if self.state == "returned" else self.originator)

    def returnable(self) -> set[str]:
        assert self.at is not None
        return {one.key for one in self.passed} - {self.at.key}

    # What is done.

    def approve(self, seat: str, person: int, principal: int) -> None:
        assert self.at is not None
        self.last = (deepcopy(self.at), list(self.passed))
        place = self._place(seat)
        place.done.add(seat)
        if person == principal:
            self.at.voted.add((person, self.version))
        self._settle()

    def take_back(self) -> None:
        """The step of the last approval is asked anew, with all that had been approved in it before."""
        assert self.last is not None
        opened, self.passed = self.last
        self.last = None
        self._reopen(opened)

    def refuse(self) -> None:
        self.state, self.at = "refused", None

    def withdraw(self) -> None:
        self.state, self.at = "withdrawn", None

    def give_back(self, to: str, is_straight: bool) -> None:
        returning = self.at
        assert returning is not None
        if to == "revise":
            self.state = "returned"
            if not is_straight:
                self.passed = []
            self.at = Opened("revise", [("any", [Place(self.plant.settle(f"user:{self.originator}", 0))])], returning if is_straight else None)
            self.known = set()
            return
        place = max(number for number, one in enumerate(self.passed) if one.key == to)
        self.passed = [one for one in self.passed if one.key != to] if is_straight else self.passed[:place]
        self._open(self._step(to), returning if is_straight else None, is_returned=True)
        self._settle()

    def resubmit(self, values: dict[str, Any]) -> None:
        returning = self.at.resumes if self.at is not None else None
        binding = {key for key in ("amount", "partner") if values.get(key) != self.values.get(key)}
        self.version += values != self.values
        self.values, self.state = values, "running"
        if binding or returning is None:
            self.passed = []
            self._go_on(None)
        else:
            self._reopen(returning)

    def hand_on(self, seat: str, person: int) -> None:
        assert self.at is not None
        place, new = self._place(seat), f"user:{person}"
        _retire(place, new)
        for seats in (place.seats, place.before, place.after):
            if seat in seats:
                seats[seats.index(seat)] = new
        self.at.came_from[new] = seat

    def add(self, seat: str, person: int, is_before: bool) -> None:
        place = self._place(seat)
        _retire(place, f"user:{person}")
        (place.before if is_before else place.after).append(f"user:{person}")

    def look_at_plant(self) -> None:
        """The plant has changed: whose seat nobody can decide from goes on."""
        self.plant = Plant()
        if self.at is not None:
            for seat in self._in_order():
                self._move(seat)
            self._settle()

    # How it goes on.

    def _settle(self) -> None:
        assert self.at is not None
        while stale := [seat for seat in self._in_order() if seat not in self.known and self._goes_elsewhere(seat)]:
            self._move(stale[0])
        self.known = self.open()
        if is_over(self.at.groups) and self.state != "returned":
            self.passed.append(self.at)
            self._go_on(self.at)

    def _in_order(self) -> list[str]:
        assert self.at is not None
        opened = self.open()
        return [seat for _mode, places in self.at.groups for place in places for seat in place.open() if seat in opened]

    def _go_on(self, after: Opened | None) -> None:
        if after is not None and after.resumes is not None:
            self._reopen(after.resumes)
            return
        found = self._next(after.key if after is not None and after.key != "revise" else None)
        if found is None:
            self.state, self.at = "approved", None
            return
        self._open(found, None)
        self._settle()

    def _reopen(self, earlier: Opened) -> None:
        groups: Groups = []
        taken: set[str] = set()
        for mode, places in earlier.groups:
            copied = []
            for place in places:
                done = set(place.done)
                seats, *sides = [self._again(side, done, taken) for side in (place.seats, place.before, place.after)]
                if seats:
                    copied.append(Place(seats, *sides, done))
            groups.append((mode, copied))
        self.known = set()
        self.at = Opened(earlier.key, groups, earlier.resumes)
        self._settle()

    def _again(self, side: list[str], done: set[str], taken: set[str]) -> list[str]:
        """Who had approved stays; the others by who works where today, each seat once in a step."""
        kept = []
        for seat in side:
            if seat in done:
                kept.append(seat)
                continue
            new = [one for one in self._settled(seat) if one not in taken]
            taken |= set(new)
            kept += new
        return kept

    def _open(self, step: dict[str, Any], resumes: Opened | None, *, is_returned: bool = False) -> None:
        taken: set[str] = set()
        groups: Groups = []
        for group in step["groups"]:
            slots = []
            for approver in group["approvers"]:
                wanted = self._wanted(approver)
                slots.append(self.plant.settled(wanted, self.originator))
            if group["mode"] == "any" and any(is_direct for _seats, is_direct in slots):
                slots = [slot for slot in slots if slot[1]]
            places = []
            for seats, _is_direct in slots:
                kept = [seat for seat in seats if seat not in taken]
                taken |= set(seats)
                if kept:
                    places.append(Place(kept))
            groups.append((group["mode"], places))
        self.at = Opened(step["key"], groups, resumes)
        self.known = set()
        approved = {person for one in self.passed for person, version in one.voted if version == self.version}
        if step.get("counts_earlier", True) and not is_returned:
            for _mode, places in groups:
                for place in places:
                    for seat in place.seats:
                        people = self.plant.people(seat, self.originator)
                        if len(people) == 1 and people <= approved:
                            place.done.add(seat)

    def _wanted(self, approver: dict[str, Any]) -> str:
        match approver["by"]:
            case "person":
                return f"user:{approver['person']}"
            case "requester_head":
                return f"head:{self.department}"
            case "department_head":
                return f"head:{Department.objects.get(code=approver['department']).pk}"
            case "field_head":
                return f"head:{self.values[approver['field']]}"
            case "duty":
                return f"duty:{Duty.objects.get(code=approver['duty']).pk}"
        assert approver["by"] == "position"
        return f"post:{Department.objects.get(code=approver['department']).pk}-{Position.objects.get(code=approver['position']).pk}"

    def _settled(self, seat: str) -> list[str]:
        return self.plant.settle(seat, 0 if self.state == "returned" else self.originator)

    def _goes_elsewhere(self, seat: str) -> bool:
        settled = self._settled(seat)
        return bool(settled) and settled != [seat]

    def _move(self, seat: str) -> None:
        if not self._goes_elsewhere(seat):
            return
        assert self.at is not None
        place = self._place(seat)
        for side in (place.before, place.after):
            if seat in side:
                side.remove(seat)
                return
        settled = self._settled(self.at.came_from.get(seat, seat))
        place.seats.remove(seat)
        asked = {one for _mode, places in self.at.groups for other in places for one in (*other.seats, *other.before, *other.after)}
        place.seats += [one for one in settled if one not in asked]
        for _mode, places in self.at.groups:
            places[:] = [one for one in places if one.seats]

    def _place(self, seat: str) -> Place:
        assert self.at is not None
        places = [place for _mode, places in self.at.groups for place in places]
        return next(place for place in places if seat in place.open())

    def _step(self, key: str) -> dict[str, Any]:
        return next(step for step in _flat(self.steps) if step.get("key") == key)

    def _next(self, key: str | None) -> dict[str, Any] | None:
        """The step after one, by walking the whole column as it is chosen now."""
        column = list(self._chosen(self.steps, key))
        keys = [step["key"] for step in column]
        place = keys.index(key) + 1 if key is not None else 0
        return column[place] if place < len(column) else None

    def _chosen(self, steps: list[dict[str, Any]], key: str | None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for step in steps:
            if step["type"] != "choose":
                found.append(step)
                continue
            columns = [case["steps"] for case in step["cases"]] + [step["otherwise"]]
            inside = next((column for column in columns if key in {one.get("key") for one in _flat(column)}), None)
            taken = next((case["steps"] for case in step["cases"] if self._holds(case["when"])), step["otherwise"])
            found += self._chosen(inside if inside is not None else taken, key)
        return found

    def _holds(self, when: list[list[dict[str, Any]]]) -> bool:
        amount = Decimal(self.values["amount"]) if self.values.get("amount") else None
        [[condition]] = when
        if condition["op"] == "filled":
            return bool(self.values.get(condition["field"]))
        return amount is not None and amount >= Decimal(condition["value"])


def _retire(place: Place, seat: str) -> None:
    """Somebody who has signed here already is asked once more: what they signed stays under another name."""
    if seat in place.done:
        old = f"{seat} before {len(place.done)}"
        place.done = place.done - {seat} | {old}
        for seats in (place.seats, place.before, place.after):
            seats[:] = [old if one == seat else one for one in seats]


def _flat(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for step in steps:
        if step["type"] == "choose":
            for column in [*(case["steps"] for case in step["cases"]), step["otherwise"]]:
                found += _flat(column)
        else:
            found.append(step)
    return found
