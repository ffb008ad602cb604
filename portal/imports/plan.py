"""What an import would do, as a value: shown before it is done, kept with the import, and compared again when it is done."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Generic, Self, TypeVar

from django.core.serializers.json import DjangoJSONEncoder

from portal.imports.lines import Fault
from portal.imports.meanings import Question, question_from_json


class Kind(StrEnum):
    """What becomes of a line in every import. One that needs more kinds has its own, and these among them."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(slots=True)
class PlannedLine:
    """What becomes of one line. `number` is its row in the file, 0 for something that no line names.

    `key` and `label` say what it is about, `changes` has (before, after) as texts by field, `on` is the day from which they hold where there is one.
    `values` is what is written, as it was read; it is not kept with the import, for a plan is made anew before it is carried out.
    """

    number: int
    kind: str
    key: str = ""
    label: str = ""
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    on: str | None = None
    values: dict[str, Any] = field(default_factory=dict)

    kinds: ClassVar[type[StrEnum]] = Kind

    @property
    def has_effect(self) -> bool:
        return self.kind not in (Kind.UNCHANGED, Kind.REFUSED)

    @property
    def start(self) -> date:
        assert self.on is not None
        return date.fromisoformat(self.on)

    def as_json(self) -> dict[str, Any]:
        """All but what is written, without copying deeply: there may be twenty thousand."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        return told | {"faults": [asdict(fault) for fault in self.faults], "values": {}}

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> Self:
        changes = {name: (before, after) for name, (before, after) in entry["changes"].items()}
        return cls(**entry | {"kind": cls.kinds(entry["kind"]), "changes": changes, "faults": [Fault(**fault) for fault in entry["faults"]]})


L = TypeVar("L", bound=PlannedLine)


@dataclass
class Plan(Generic[L]):
    """A subclass names its `line_class`, and adds what is made beside the lines (`more_effects` for the fingerprint)."""

    lines: list[L] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    line_class: ClassVar[type[PlannedLine]] = PlannedLine

    @property
    def open_questions(self) -> list[Question]:
        """What somebody has to answer before the plan is carried out."""
        return [question for question in self.questions if question.is_open]

    @property
    def counts(self) -> Counter[str]:
        """How many lines there are of each kind."""
        return Counter(str(line.kind) for line in self.lines)

    @property
    def effects(self) -> list[L]:
        return [line for line in self.lines if line.has_effect]

    @property
    def has_effect(self) -> bool:
        return any(line.has_effect for line in self.lines)

    @property
    def fingerprint(self) -> str:
        """The same for two plans that do the same, in whatever language their sentences are."""
        effects = [line.as_json() | {"faults": [], "values": line.values} for line in self.effects]
        told = json.dumps([*self.more_effects(), effects], sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
        return hashlib.sha256(told.encode()).hexdigest()

    def more_effects(self) -> list[Any]:
        return []

    def as_json(self) -> dict[str, Any]:
        told = {one.name: [asdict(part) for part in getattr(self, one.name)] for one in fields(self) if one.name != "lines"}
        return told | {"lines": [line.as_json() for line in self.lines]}

    @classmethod
    def from_json(cls, stored: dict[str, Any] | None) -> Self:
        return cls.without_lines(stored, [cls.line_class.from_json(entry) for entry in (stored or {}).get("lines", [])])

    @classmethod
    def without_lines(cls, stored: dict[str, Any] | None, lines: list[Any] | None = None) -> Self:
        """All but the lines, of which a page shows a hundred out of twenty thousand."""
        return cls(lines=lines or [], questions=[question_from_json(entry) for entry in (stored or {}).get("questions", [])])
