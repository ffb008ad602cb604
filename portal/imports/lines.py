"""From rows to lines: one thing each, with what could be understood and what could not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.imports.columns import ColumnSet
from portal.imports.values import read_text, refuse_unreadable


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a line is refused: the field (empty for the whole line) and a sentence."""

    field: str
    sentence: str


@dataclass(slots=True)
class Line:
    """One row of a file; `number` is its row there, counted from 1. `values` has only what is not blank."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_lines(columns: ColumnSet, rows: Sequence[Sequence[Any]], header_row: int | None, mapping: Mapping[str, int]) -> list[Line]:
    """The things below the headings. Blank rows, repeated headings and closing remarks (a single cell, as in `制表人：...`) are passed over."""
    start = 0 if header_row is None else header_row + 1
    readers = [(code, column, columns.by_code[code].read) for code, column in mapping.items()]
    lines = []
    for number, row in enumerate(rows[start:], start + 1):
        if _is_remark(columns, row, mapping) or _is_heading(columns, row, mapping):
            continue
        line = Line(number)
        for code, column, read in readers:
            if column >= len(row):
                continue
            try:
                refuse_unreadable(row[column])
                value = read(row[column])
            except ValueError as error:
                line.faults.append(Fault(code, str(error)))
            else:
                if value is not None:
                    line.values[code] = value
        if line.values or line.faults:
            lines.append(line)
    return lines


def _is_heading(columns: ColumnSet, row: Sequence[Any], mapping: Mapping[str, int]) -> bool:
    """Headings again, as on each printed page, or below in another language: all of the columns but one are named."""
    misses = 0
    for column in mapping.values():
        if column >= len(row) or columns.named_by(row[column]) is None:
            misses += 1
            if misses > 1:
                return False
    return len(mapping) - misses >= 2


def _is_remark(columns: ColumnSet, row: Sequence[Any], mapping: Mapping[str, int]) -> bool:
    """Nothing, or at most one thing, stands in the columns that count; a line has at least two, or its key."""
    filled: list[str] = []
    for code, column in mapping.items():
        if column < len(row) and read_text(row[column]) is not None:
            filled.append(code)
            if len(filled) == 2:
                return False
    if filled == [columns.key]:
        try:
            return columns.by_code[columns.key].read(row[mapping[columns.key]]) is None
        except ValueError:
            return True
    return len(filled) < min(2, len(mapping))
