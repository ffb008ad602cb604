"""A row of the table: what was measured, what it was compared with in the same run, what was asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    area: str
    name: str
    value: float
    unit: str
    reference: float | None = None
    goal: float | None = None
    holds: bool | None = None


def at_most(area: str, name: str, value: float, unit: str, goal: float, *, reference: float | None = None) -> Row:
    """A value that should not be above its goal."""
    return Row(area, name, value, unit, reference, goal, value <= goal)


def at_least(area: str, name: str, value: float, unit: str, goal: float, *, reference: float | None = None) -> Row:
    """A value that should not be below its goal."""
    return Row(area, name, value, unit, reference, goal, value >= goal)


def told(area: str, name: str, value: float, unit: str, *, reference: float | None = None) -> Row:
    """A value that nothing was asked of."""
    return Row(area, name, value, unit, reference)
