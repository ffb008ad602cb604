"""From a rule of the route to seats: who decides on this paper, and why. Asks the organization of today and writes nothing.

Nobody decides their own: a seat that the requester holds is decided by others who hold it in their own right, else by the head above. A seat that
nobody holds goes up too, and from the top to the kind's keeper, then to those who keep papers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.access.rules import duty_token, group_token, person_token, position_token, post_token, split_token
from portal.approvals.definitions.forms import FormPlan
from portal.approvals.definitions.routes import Approver, Group, StepPlan
from portal.approvals.seats import KEEPERS, Seating, Way, position_of_post
from portal.organization.models import Duty, Employment, Position

Reason = dict[str, Any]

BY_PLACE = ("person", "group", "requester", "requester_head", "requester_heads", "department_head", "requester_choice")


@dataclass(frozen=True, slots=True)
class Case:
    """What the way of a paper depends on. `barred` are those who may decide nothing of it."""

    originator_id: int
    department_id: int
    form: FormPlan
    values: Mapping[str, Any]
    chosen: Mapping[str, Sequence[int]] = field(default_factory=dict)
    keeper: str = ""

    @property
    def barred(self) -> frozenset[int]:
        return frozenset({self.originator_id})


@dataclass(frozen=True, slots=True)
class Slot:
    """Seats of which any one decides, with the reasons in the order in which they led there. No seats: there is nobody in the plant."""

    seats: tuple[str, ...]
    because: tuple[Reason, ...]

    @property
    def is_direct(self) -> bool:
        """Whether it stayed where the route wanted it."""
        return not any(reason["code"] in ("own", "nobody") for reason in self.because)


@dataclass(frozen=True, slots=True)
class PlacedGroup:
    mode: str
    slots: tuple[Slot, ...]


class Placing:
    """Finds the seats of one paper. Who holds what is asked once."""

    def __init__(self, case: Case, seating: Seating | None = None) -> None:
        self.case = case
        self.seating = seating or Seating()

    def place(self, step: StepPlan) -> list[PlacedGroup]:
        """The groups of a step with their slots. A seat is asked once in a step; of several of which one will do, those stay who could be found directly."""
        taken: set[str] = set()
        groups = []
        for group in step.groups:
            slots = self._slots(step, group)
            if group.mode == "any" and any(slot.is_direct and slot.seats for slot in slots):
                slots = [slot for slot in slots if slot.is_direct and slot.seats]
            kept = []
            for slot in slots:
                seats = tuple(seat for seat in slot.seats if seat not in taken)
                if seats or not slot.seats:
                    kept.append(Slot(seats, slot.because))
                taken.update(seats)
            groups.append(PlacedGroup(group.mode, tuple(kept)))
        return groups

    def likely_seats(self, step: StepPlan) -> list[str]:
        """The seats that a step names by departments and persons alone, without a question of its own."""
        approvers = [approver for group in step.groups for approver in group.approvers if approver.by in BY_PLACE]
        return [seat for approver in approvers for seat, _reason in self._wanted(step, approver) if seat]

    def settle(self, seat: str, because: tuple[Reason, ...] = ()) -> Slot:
        """The seat itself, or where it goes to because nobody holds it or it is the requester's own."""
        barred = self.case.barred
        for asked in (seat, *self._above(seat)):
            ways = self.seating.ways(asked)
            free = [way for way in ways if not way.is_barred(barred)]
            own = any((way.principal_id or way.person_id) in barred for way in ways)
            if free and not own:
                return Slot((asked,), because)
            others = sorted({way.principal_id or way.person_id for way in free})
            if others:
                return Slot(tuple(person_token(person) for person in others), (*because, {"code": "others", "seat": asked}))
            because = (*because, {"code": "own" if own else "nobody", "seat": asked})
        return Slot((), because)

    def may_act(self, user_id: int, seat: str) -> Way | None:
        return self.seating.way_of(user_id, seat, self.case.barred)

    def next_above(self, seat: str) -> str | None:
        """The first seat above that somebody can decide from."""
        slot = next((slot for asked in self._above(seat) if (slot := self.settle(asked)).seats), None)
        return slot.seats[0] if slot else None

    def _slots(self, step: StepPlan, group: Group) -> list[Slot]:
        wanted = [(approver, seat, reason) for approver in group.approvers for seat, reason in self._wanted(step, approver)]
        self.seating.load(seat for _approver, seat, _reason in wanted if seat)
        slots = []
        for approver, seat, reason in wanted:
            if not seat:
                slots.append(self.settle(self._top(), (reason,)))
            elif approver.is_each and len(people := sorted({way.person_id for way in self.seating.ways(seat) if way.principal_id is None})) > 1:
                slots += [self.settle(person_token(person), (reason,)) for person in people if person not in self.case.barred]
            else:
                slots.append(self.settle(seat, (reason,)))
        return slots

    def _wanted(self, step: StepPlan, approver: Approver) -> Iterator[tuple[str, Reason]]:
        """The seats that a rule names, with the reason; an empty seat where it names nobody."""
        match approver.by:
            case "person":
                yield person_token(approver.person), {"code": "person"}
            case "requester":
                yield person_token(self.case.originator_id), {"code": "requester"}
            case "requester_head":
                yield from self._heads_above(self._own_department(approver), approver.levels, approver.levels)
            case "requester_heads":
                yield from self._heads_above(self._own_department(approver), 0, approver.levels)
            case "department_head":
                place = self.seating.by_code.get(approver.department)
                yield (f"head:{place.pk}" if place else "", {"code": "head", "department": place.pk if place else None})
            case "field_head":
                yield from self._heads_of_field(approver.field)
            case "position" | "requester_position":
                yield self._post(approver)
            case "duty":
                pk = Duty.objects.filter(code=approver.duty).values_list("pk", flat=True).first()
                yield (duty_token(pk) if pk else "", {"code": "duty", "duty": pk})
            case "covering_duty":
                yield from self._covering()
            case "group":
                yield group_token(approver.group), {"code": "group", "group": approver.group}
            case "requester_choice":
                chosen = self.case.chosen.get(step.key) or []
                yield from ((person_token(person), {"code": "chosen"}) for person in chosen)
                if not chosen:
                    yield "", {"code": "not_chosen"}

    def _own_department(self, approver: Approver) -> int:
        """The requester's, or the whole department to which their section or shift belongs."""
        column = [self.case.department_id, *reversed(self.seating.departments[self.case.department_id].ancestor_ids)]
        whole = (pk for pk in column if not self.seating.departments[pk].is_small)
        return next(whole, column[-1]) if approver.is_whole else column[0]

    def _heads_above(self, department_id: int, first: int, last: int) -> Iterator[tuple[str, Reason]]:
        """Heads from so many levels above on, the plant's own at the most."""
        column = [department_id, *reversed(self.seating.departments[department_id].ancestor_ids)]
        last = min(last, len(column) - 1)
        for level in range(min(first, last), last + 1):
            yield f"head:{column[level]}", {"code": "requester_head" if column[level] == self.case.department_id else "head_above", "department": column[level]}

    def _heads_of_field(self, path: str) -> Iterator[tuple[str, Reason]]:
        """The head of the department that a field names; of a column, of each department named in a line."""
        plan, (key, _dot, column) = self.case.form.path(path), path.partition(".")
        named = [self.case.values.get(key)] if not column else [line.get(column) for line in self.case.values.get(key) or ()]
        values = list(dict.fromkeys(value for value in named if value)) or [None]
        for value in values:
            department = value
            if plan is not None and plan.type == "person" and value:
                department = Employment.objects.current().primary().filter(person=value).values_list("department", flat=True).first()
            reason = {"code": "field_head", "field": path, "department": department}
            yield (f"head:{department}" if department in self.seating.departments else ""), reason

    def _post(self, approver: Approver) -> tuple[str, Reason]:
        position = Position.objects.filter(code=approver.position).values_list("pk", flat=True).first()
        if approver.by == "requester_position":
            department: int | None = self.case.department_id
        else:
            place = self.seating.by_code.get(approver.department)
            department = place.pk if place else None
        reason = {"code": "position", "position": position, "department": department}
        if position is None or (approver.department and department is None):
            return "", reason
        return (post_token(department, position) if department else position_token(position)), reason

    def _covering(self) -> Iterator[tuple[str, Reason]]:
        """Duties that cover the requester's department, the nearest above it first."""
        place = self.seating.departments[self.case.department_id]
        column = [place.pk, *reversed(place.ancestor_ids)]
        rows = list(Duty.objects.filter(departments__in=column).values_list("pk", "departments"))
        for department in column:
            found = sorted(pk for pk, covered in rows if covered == department)
            if found:
                yield from ((duty_token(pk), {"code": "covering", "duty": pk, "department": department}) for pk in found)
                return
        yield "", {"code": "covering", "duty": None}

    def _above(self, seat: str) -> Iterator[str]:
        """Where a seat goes when it cannot decide, one after the other."""
        department = self._department_of(seat)
        if department is not None:
            column = [department, *reversed(self.seating.departments[department].ancestor_ids)]
            yield from (f"head:{pk}" for pk in column if f"head:{pk}" != seat)
        elif seat != self._top():
            yield self._top()
        if self.case.keeper and self.case.keeper != seat:
            yield self.case.keeper
        if seat != KEEPERS:
            yield KEEPERS

    def _department_of(self, seat: str) -> int | None:
        """The department from whose head on one goes up; None for a seat of the whole plant."""
        kind, key, _below = split_token(seat)
        if kind == "post" and (post := position_of_post(seat)):
            return post[0] if post[0] in self.seating.departments else None
        if kind == "head":
            return key if key in self.seating.departments else None
        if kind == "user":
            return Employment.objects.filter(person=key).order_by("-is_primary", "-starts_on", "-pk").values_list("department", flat=True).first()
        return None

    def _top(self) -> str:
        return f"head:{self.seating.root_id}" if self.seating.root_id else KEEPERS
