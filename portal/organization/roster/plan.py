"""What an import would do, as a value: shown before it is done, kept with the import, and compared again when it is done."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from portal.organization.roster.lines import Fault
from portal.organization.roster.meanings import Question, question_from_json
from portal.organization.roster.tree import Key, NewDepartment


class Kind(StrEnum):
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
class PlannedLine:
    """What becomes of one person. `number` is the row in the file, 0 for someone whom a complete roster does not name.

    `changes` has (before, after) by field, days as text; `on` is the day of a move, a start or a departure.
    """

    number: int
    kind: Kind
    employee_number: str = ""
    name: str = ""
    person_id: int | None = None
    department: Key | None = None
    position: Key | None = None
    on: str | None = None
    ends_on: str | None = None
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def has_effect(self) -> bool:
        return self.kind not in (Kind.UNCHANGED, Kind.REFUSED)

    @property
    def start(self) -> date:
        assert self.on is not None
        return date.fromisoformat(self.on)

    @property
    def end(self) -> date | None:
        return date.fromisoformat(self.ends_on) if self.ends_on else None


@dataclass(slots=True)
class Plan:
    departments: list[NewDepartment] = field(default_factory=list)
    positions: list[NewPosition] = field(default_factory=list)
    lines: list[PlannedLine] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def open_questions(self) -> list[Question]:
        """What somebody has to answer before the plan is carried out."""
        return [question for question in self.questions if question.is_open]

    @property
    def counts(self) -> dict[str, int]:
        """How many lines there are of each kind."""
        found = Counter(line.kind for line in self.lines)
        return {kind.value: found[kind] for kind in Kind}

    @property
    def has_effect(self) -> bool:
        return any(line.has_effect for line in self.lines)

    @property
    def fingerprint(self) -> str:
        """The same for two plans that do the same, in whatever language their sentences are."""
        effects = [{name: value for name, value in asdict(line).items() if name != "faults"} for line in self.lines if line.has_effect]
        told = [[asdict(department) for department in self.departments], [asdict(position) for position in self.positions], effects]
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Plan":
        return cls(
            departments=[NewDepartment(**entry) for entry in stored["departments"]],
            positions=[NewPosition(**entry) for entry in stored["positions"]],
            lines=[_line(entry) for entry in stored["lines"]],
            questions=[question_from_json(entry) for entry in stored.get("questions", [])],
        )


def _line(entry: dict[str, Any]) -> PlannedLine:
    changes = {name: (before, after) for name, (before, after) in entry["changes"].items()}
    return PlannedLine(**entry | {"kind": Kind(entry["kind"]), "changes": changes, "faults": [Fault(**fault) for fault in entry["faults"]]})
