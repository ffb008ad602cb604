"""From rows to lines: one person each, with what could be understood and what could not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.organization.roster.columns import match_headings
from portal.organization.roster.values import READERS, read_text


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line is refused: the field (empty for the whole line) and a sentence."""

    field: str
    sentence: str


@dataclass(slots=True)
class Line:
    """One row of the roster; `number` is its row in the file, counted from 1. `values` has only what is not blank."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_lines(rows: Sequence[Sequence[Any]], header_row: int | None, mapping: Mapping[str, int]) -> list[Line]:
    """The people below the headings. Blank rows, repeated headings and closing remarks (a single cell, as in `制表人：...`) are passed over."""
    start = 0 if header_row is None else header_row + 1
    lines = []
    for number, row in enumerate(rows[start:], start + 1):
        if _is_remark(row, mapping) or len(match_headings(row)) >= max(2, len(mapping) - 1):
            continue
        line = Line(number)
        for code, column in mapping.items():
            if column >= len(row):
                continue
            try:
                value = READERS[code](row[column])
            except ValueError as error:
                line.faults.append(Fault(code, str(error)))
            else:
                if value is not None:
                    line.values[code] = value
        if line.values or line.faults:
            lines.append(line)
    return lines


def _is_remark(row: Sequence[Any], mapping: Mapping[str, int]) -> bool:
    """Nothing, or at most one thing, stands in the columns that count; a person has at least a name and a place."""
    filled = [column for column in mapping.values() if column < len(row) and read_text(row[column]) is not None]
    return len(filled) < min(2, len(mapping))
