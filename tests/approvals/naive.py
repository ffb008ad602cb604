"""A naive telling of the rules of a way, beside the engine: plain lists, no database but for who works where today.

`Mirror` is told the same acts as the engine and says what must be open, for whom, and how it stands. `fold` reads only the trail.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from portal.accounts.models import User
from portal.approvals.models import Event
from portal.organization.models import Department, Deputyship, DutyHolding, Employment
from portal.organization.querysets import today


class Plant:
    """Who is what today, read whole and looked through row by row."""

    def __init__(self) -> None:
        day = today()
        self.active = set(User.objects.filter(is_active=True, kind="employee").values_list("pk", flat=True))
        self.admins = set(User.objects.filter(is_active=True, is_superuser=True).values_list("pk", flat=True))
        self.posts = [
            (row.person_id, row.department_id, row.position_id, row.position.is_head, row.is_primary)
            for row in Employment.objects.select_related("position")
            if row.holds_on(day) and row.person_id in self.active
        ]
        employed = {person for person, *_rest in self.posts}
        self.duties = [(row.person_id, row.duty_id) for row in DutyHolding.objects.all() if row.holds_on(day) and row.person_id in employed]
        self.stand_ins = []  # (deputy, principal, department, position, is_head, is_primary)
        for row in Deputyship.objects.select_related("employment__position"):
            post = row.employment
            lasts = row.starts_on <= day and (row.ends_on is None or day <= row.ends_on)
            if lasts and post.holds_on(day) and row.deputy_id in employed:
                self.stand_ins.append((row.deputy_id, post.person_id, post.department_id, post.position_id, post.position.is_head, post.is_primary))
        self.employed = employed
        self.parents = dict(Department.objects.values_list("pk", "parent"))

    def ways(self, seat: str) -> set[tuple[int, int]]:
        """(who acts, whose seat it is)."""
        kind, _, key = seat.partition(":")
        if kind == "user":
            person = int(key)
            return {(person, person)} if person in self.employed or person in self.admins else set()
        if kind == "cap":
            return {(person, person) for person in self.admins}
        if kind == "head":
            own = {(person, person) for person, department, _position, is_head, _primary in self.posts if is_head and department == int(key)}
            return own | {(deputy, whose) for deputy, whose, department, _position, is_head, _p in self.stand_ins if is_head and department == int(key)}
        if kind == "post":
            department, _, position = key.partition("-")
            own = {(row[0], row[0]) for row in self.posts if row[1:3] == (int(department), int(position))}
            return own | {(row[0], row[1]) for row in self.stand_ins if row[2:4] == (int(department), int(position))}
        assert kind == "duty", seat
        holders = {person for person, duty in self.duties if duty == int(key)}
        own = {(person, person) for person in holders}
        return own | {(row[0], row[1]) for row in self.stand_ins if row[5] and row[1] in holders}

    def people(self, seat: str, barred: int) -> set[int]:
        """Who may act for a seat on a paper that `barred` began."""
        return {who for who, whose in self.ways(seat) if barred not in (who, whose)}

    def above(self, seat: str) -> list[str]:
        kind, _, key = seat.partition(":")
        root = next(pk for pk, parent in self.parents.items() if parent is None)
        if kind == "user":
            posts = Employment.objects.filter(person=int(key)).order_by("-is_primary", "-starts_on", "-pk")
            start = posts[0].department_id if posts else None
            column = self._up(start) if start else [root]
        elif kind == "head":
            column = self._up(int(key))[1:]
        elif kind == "post":
            column = self._up(int(key.partition("-")[0]))
        else:
            column = [root]
        return [f"head:{pk}" for pk in column] + ["cap:approvals.keep"]

    def settle(self, seat: str, barred: int) -> list[str]:
        """The seats of which any one decides."""
        return self.settled(seat, barred)[0]

    def settled(self, seat: str, barred: int) -> tuple[list[str], bool]:
        """The same, and whether it stayed with those who hold the seat."""
        for asked in [seat, *self.above(seat)]:
            ways = self.ways(asked)
            free = {whose for who, whose in ways if barred not in (who, whose)}
            if free and all(whose != barred for _who, whose in ways):
                return [asked], asked == seat
            if free:
                return [f"user:{person}" for person in sorted(free)], asked == seat
        return [], False

    def _up(self, department: int) -> list[int]:
        column: list[int] = []
        at: int | None = department
        while at is not None:
            column.append(at)
            at = self.parents[at]
        return column


@dataclass
class Place:
    """A slot of a step: seats of which any one decides, signers before and after, and what of them has happened."""

    seats: list[str]
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    done: set[str] = field(default_factory=set)

    def is_done(self) -> bool:
        return any(seat in self.done for seat in self.seats) and all(seat in self.done for seat in [*self.before, *self.after])

    def open(self) -> list[str]:
        waiting_before = [seat for seat in self.before if seat not in self.done]
        if waiting_before:
            return waiting_before
        if not any(seat in self.done for seat in self.seats):
            return list(self.seats)
        return [seat for seat in self.after if seat not in self.done]


def open_seats(groups: list[tuple[str, list[Place]]]) -> set[str]:
    """What is open in a step of groups, each (mode, slots)."""
    found: set[str] = set()
    for mode, places in groups:
        if mode == "any" and any(place.is_done() for place in places):
            continue
        for place in places:
            if not place.is_done():
                found |= set(place.open())
                if mode == "in_order":
                    break
    return found


def is_over(groups: list[tuple[str, list[Place]]]) -> bool:
    return all(not places or (any if mode == "any" else all)(place.is_done() for place in places) for mode, places in groups)


def fold(events: Iterable[Event]) -> dict[str, Any]:
    """How a paper stands by its trail alone: its state, and the seats of the open tasks by their ids."""
    state, modes = "draft", []
    tasks: dict[int, dict[str, Any]] = {}
    for event in events:
        details = event.details
        match event.verb:
            case "submitted" | "resubmitted":
                state = "running"
            case "opened":
                tasks, modes = {task["task"]: dict(task) for task in details["tasks"]}, details["modes"]
                state = "returned" if details["kind"] == "revise" else "running"
            case "transferred" | "asked" | "signer_added":
                place = {"asked": "opinion"}.get(event.verb, details.get("place", tasks[details["task"]]["place"]))
                tasks[details["to"]] = tasks[details["task"]] | {"task": details["to"], "seat": details["seat"], "place": place}
                tasks[details["task"]]["gone"] = event.verb == "transferred"
            case "moved":
                tasks[details["task"]]["gone"] = True
                tasks |= {task["task"]: dict(task) for task in details["tasks"]}
            case "closed":
                tasks, modes = {}, []
            case "finished":
                state = details["state"]
        if event.verb in ("counted", "approve", "opinion", "resubmitted"):
            tasks[details["task"]]["done"] = True
    return {"state": state, "tasks": {pk: tasks[pk]["seat"] for pk in _open_tasks(tasks, modes)}}


def _open_tasks(tasks: dict[int, dict[str, Any]], modes: list[str]) -> set[int]:
    found: set[int] = set()
    groups, over = [], set()
    for number, mode in enumerate(modes):
        places = []
        for slot in sorted({task["slot"] for task in tasks.values() if task["group"] == number}):
            here = {str(pk): task for pk, task in tasks.items() if (task["group"], task["slot"]) == (number, slot) and not task.get("gone")}
            if cores := [pk for pk, task in here.items() if task["place"] == "core"]:
                sides = [[pk for pk, task in here.items() if task["place"] == side] for side in ("before", "after")]
                places.append(Place(cores, *sides, {pk for pk, task in here.items() if task.get("done")}))
        groups.append((mode, places))
        if is_over([(mode, places)]):
            over.add(number)
    found |= {int(pk) for pk in open_seats(groups)}
    return found | {
        pk for pk, task in tasks.items() if task["place"] == "opinion" and task["group"] not in over and not task.get("done") and not task.get("gone")
    }
