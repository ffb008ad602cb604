"""Sharing the people out over the tree."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice

from portal.demo.structure import UnitPlan
from portal.organization.demo import Plant

FEW = {"deputy_director": 3, "chief_engineer": 1, "deputy_chief": 2, "deputy_workshop_head": 2}


@dataclass(frozen=True, slots=True)
class Slot:
    """A place at work, to be filled by someone."""

    unit: UnitPlan
    position: str
    is_head: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    department: str
    position: str
    starts_on: date
    ends_on: date | None = None


def plan_slots(plant: Plant, tree: UnitPlan, count: int) -> list[Slot]:
    """So many places: heads from the top down, then the rest by the departments' weights. The plant itself employs nobody directly."""
    units = [unit for unit in _by_level(tree) if unit.weight]
    slots = [Slot(unit, unit.head, is_head=True) for unit in units][:count]
    rest = count - len(slots)
    total = sum(unit.weight for unit in units)
    shares = {unit.code: int(rest * unit.weight / total) for unit in units}
    by_remainder = sorted(units, key=lambda unit: (shares[unit.code] - rest * unit.weight / total, unit.code))
    for unit in islice(cycle(by_remainder), rest - sum(shares.values())):
        shares[unit.code] += 1
    for unit in units:
        slots += [Slot(unit, position) for position in islice(_positions(plant, unit), shares[unit.code])]
    for position, code in dict.fromkeys((slot.position, slot.unit.code) for slot in slots):
        plant.places.setdefault(position, []).append(code)
    return slots


def _by_level(tree: UnitPlan) -> Iterator[UnitPlan]:
    waiting = deque([tree])
    while waiting:
        unit = waiting.popleft()
        yield unit
        waiting.extend(unit.below)


def _positions(plant: Plant, unit: UnitPlan) -> Iterator[str]:
    """Positions in the unit's proportions, without end; of deputies there are few however large it is."""
    yield from (position for position, _share in unit.staff if position in FEW)
    for position, share in unit.staff:
        yield from [position] * min(FEW.get(position, 1) - 1, share - 1) if position in FEW else ()
    others = [position for position, share in unit.staff if position not in FEW for _number in range(share)] or ["secretary", "officer"]
    yield from dict.fromkeys(others)
    while True:
        plant.random.shuffle(others)
        yield from others
