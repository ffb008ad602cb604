"""Whether a step is decided: pure functions of its tasks. No counter is kept anywhere."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Protocol, TypeVar

GONE = frozenset({"transferred", "void"})
APPROVED = frozenset({"done", "counted"})
ASKED = frozenset({"open", "waiting"})


class Counted(Protocol):
    """What is read of a task. One that decides is `done` only by an approval: any other decision closes the whole step."""

    group: int
    slot: int
    place: str
    state: str


T = TypeVar("T", bound=Counted)


def is_slot_satisfied(tasks: Sequence[Counted]) -> bool:
    """One of the seats has approved, and whoever was to sign before or after has too."""
    real = [task for task in tasks if task.state not in GONE and task.place != "opinion"]
    cores = [task for task in real if task.place == "core"]
    return any(task.state in APPROVED for task in cores) and all(task.state in APPROVED for task in real if task.place != "core")


def is_group_satisfied(slots: Sequence[Sequence[Counted]], mode: str) -> bool:
    """Any of its slots, or all of them. A group without slots asks for nobody."""
    verdicts = [is_slot_satisfied(slot) for slot in slots]
    return not verdicts or (any(verdicts) if mode == "any" else all(verdicts))


def is_step_satisfied(tasks: Iterable[T], modes: Sequence[str]) -> bool:
    """Every group is."""
    slots = slots_of(tasks)
    return all(_is_satisfied(slots, group, mode) for group, mode in enumerate(modes))


def to_open(tasks: Iterable[T], modes: Sequence[str]) -> list[T]:
    """The waiting tasks whose turn has come: in order one slot after the other; in a slot those before, then the seat itself, then those after."""
    found: list[T] = []
    slots = slots_of(tasks)
    for group, mode in enumerate(modes):
        for slot in _of_group(slots, group):
            if not is_slot_satisfied(slot):
                found += [task for task in _in_turn(slot) if task.state == "waiting"]
                if mode == "in_order":
                    break
    return found


def not_needed(tasks: Iterable[T], modes: Sequence[str]) -> list[T]:
    """Those who are asked although others have decided: in a group of which one will do, in a slot of several seats, and where opinions come too late."""
    found: list[T] = []
    slots = slots_of(tasks)
    for (group, _slot), slot in slots.items():
        is_over = _is_satisfied(slots, group, modes[group])
        has_core = any(task.place == "core" and task.state in APPROVED for task in slot)
        found += [task for task in slot if task.state in ASKED and (is_over or (has_core and task.place == "core"))]
    return found


def slots_of(tasks: Iterable[T]) -> Mapping[tuple[int, int], list[T]]:
    ordered = sorted(tasks, key=_place)
    return {key: list(slot) for key, slot in groupby(ordered, key=_place)}


def _is_satisfied(slots: Mapping[tuple[int, int], list[T]], group: int, mode: str) -> bool:
    in_group = _of_group(slots, group)
    return is_group_satisfied(in_group, mode)


def _place(task: Counted) -> tuple[int, int]:
    return task.group, task.slot


def _of_group(slots: Mapping[tuple[int, int], list[T]], group: int) -> list[list[T]]:
    """The slots of a group in which somebody is asked: one whose task went to a seat that is asked elsewhere in the step asks for nobody."""
    return [slot for (number, _slot), slot in slots.items() if number == group and any(task.state not in GONE and task.place == "core" for task in slot)]


def _in_turn(slot: Sequence[T]) -> list[T]:
    for place in ("before", "core", "after"):
        phase = [task for task in slot if task.place == place and task.state not in GONE]
        is_over = any(task.state in APPROVED for task in phase) if place == "core" else all(task.state in APPROVED for task in phase)
        if not is_over:
            return phase
    return []
