"""Imports in which each line is one thing by itself, known by a key: days by their date, products by their code."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from portal.imports.definition import Importer, Job, Progress
from portal.imports.lines import Fault, Line
from portal.imports.meanings import Meanings
from portal.imports.plan import Kind, Plan, PlannedLine


class KeyedImporter(Importer[Plan[PlannedLine]]):
    """`key` is the field that tells things apart, `compared` are those that a line may change. A blank cell erases nothing.

    A subclass that knows its things by name as well says so in `identify`, with near names as questions.
    """

    key: ClassVar[str]
    compared: ClassVar[tuple[str, ...]]

    @abstractmethod
    def present(self) -> Mapping[Any, Mapping[str, Any]]:
        """What there is, by key: the compared fields of each. One statement, not one for each line."""

    @abstractmethod
    def write(self, line: PlannedLine, *, actor: Any) -> None:
        """Make or change one thing by its service. `line.values` has the key and every compared field, as it was read or stands."""

    def judge(self, line: Line, before: Mapping[str, Any] | None) -> Iterator[Fault]:
        """What is wrong with a line beyond its cells and what is missing; `before` is None for something new."""
        return iter(())

    def identify(self, line: Line, present: Mapping[Any, Mapping[str, Any]], meanings: Meanings) -> Any:
        """The key of what a line is about."""
        return line.values.get(self.key)

    def say(self, field: str, value: Any) -> str:
        """A value for the preview."""
        return "" if value is None else str(value)

    def plan(self, lines: Sequence[Line], job: Job) -> Plan[PlannedLine]:
        present, meanings = self.present(), Meanings(job.answers)
        keys = [self.identify(line, present, meanings) for line in lines]
        rows_of: dict[Any, list[int]] = defaultdict(list)
        for line, key in zip(lines, keys, strict=True):
            rows_of[key].append(line.number)
        planned = [self._planned(line, key, present.get(key), rows_of[key]) for line, key in zip(lines, keys, strict=True)]
        return Plan(planned, meanings.questions(used={}))

    def apply(self, plan: Plan[PlannedLine], *, actor: Any, on_progress: Progress) -> None:
        lines = plan.effects
        for done, line in enumerate(lines):
            on_progress(done, len(lines))
            self.write(line, actor=actor)
        on_progress(len(lines), len(lines))

    def _planned(self, line: Line, key: Any, before: Mapping[str, Any] | None, rows: Sequence[int]) -> PlannedLine:
        faults = [*line.faults, *self._missing(line, key, before)]
        if key is not None and len(rows) > 1:
            others = _(", ").join(str(row) for row in rows if row != line.number)
            faults.append(Fault(self.key, _("Row %(rows)s is about the same.") % {"rows": others}))
        if not faults:
            faults += self.judge(line, before)
        said = {field: line.values.get(field) for field in self.compared}
        values = {field: said[field] if said[field] is not None else (before or {}).get(field) for field in self.compared}
        planned = PlannedLine(line.number, Kind.REFUSED, key=self.say(self.key, key), faults=faults, values={self.key: key} | values)
        if faults:
            return planned
        stands = before or {}
        planned.changes = {field: (self.say(field, stands.get(field)), self.say(field, value)) for field, value in values.items() if value != stands.get(field)}
        planned.kind = Kind.NEW if before is None else Kind.CHANGED if planned.changes else Kind.UNCHANGED
        return planned

    def _missing(self, line: Line, key: Any, before: Mapping[str, Any] | None) -> Iterator[Fault]:
        """The key always, and what is needed where the thing is new."""
        faulty = {fault.field for fault in line.faults}
        for column in self.columns.columns:
            is_missing = key is None if column.code == self.key else column.is_needed and before is None and column.code not in line.values
            if is_missing and column.code not in faulty:
                yield Fault(column.code, _("%(field)s is missing.") % {"field": column.label})
