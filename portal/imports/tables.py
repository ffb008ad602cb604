"""A table as it was read: rows of plain cells, and how its cells are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain cells, and how they were read: the sheet's name, or the encoding of a text."""

    rows: list[Row]
    source: str


def is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_blank_row(row: Sequence[Any]) -> bool:
    return all(is_blank(cell) for cell in row)


def letters_of(column: int) -> str:
    """0 is A, 26 is AA: what a spreadsheet calls a column."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def shown(cell: Any, longest: int = 40) -> str:
    """A cell for somebody to recognise it by."""
    if isinstance(cell, dict):
        return str(cell.get("date", "=…"))
    return str("" if cell is None else cell)[:longest]
