"""What a roster would do: people, and the departments and positions that are made for them."""

from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Self

from portal.directory.roster.tree import Key, NewDepartment
from portal.imports.plan import Plan, PlannedLine


class RosterKind(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    MOVED = "moved"
    RETURNS = "returns"
    LEFT = "left"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NewPosition:
    """A position that the roster names and the plant does not have; its key is its name."""

    name: str
    clearance: int
    is_head: bool


@dataclass(slots=True)
class RosterLine(PlannedLine):
    """What becomes of one person. The key is the employee number; `number` is 0 for someone whom a complete roster does not name."""

    person_id: int | None = None
    department: Key | None = None
    position: Key | None = None
    ends_on: str | None = None

    kinds: ClassVar[type[StrEnum]] = RosterKind

    @property
    def end(self) -> date | None:
        return date.fromisoformat(self.ends_on) if self.ends_on else None


@dataclass
class RosterPlan(Plan[RosterLine]):
    departments: list[NewDepartment] = field(default_factory=list)
    positions: list[NewPosition] = field(default_factory=list)

    line_class: ClassVar[type[PlannedLine]] = RosterLine

    def more_effects(self) -> list[Any]:
        return [[asdict(department) for department in self.departments], [asdict(position) for position in self.positions]]

    @classmethod
    def without_lines(cls, stored: dict[str, Any] | None, lines: list[Any] | None = None) -> Self:
        plan = super().without_lines(stored, lines)
        plan.departments = [NewDepartment(**entry) for entry in (stored or {}).get("departments", [])]
        plan.positions = [NewPosition(**entry) for entry in (stored or {}).get("positions", [])]
        return plan
