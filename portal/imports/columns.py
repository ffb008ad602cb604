"""Which column is which: by its name, in both languages, and put right by hand."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from portal.foundation.language import is_chinese
from portal.imports.tables import is_blank

ROWS_SEARCHED = 40
Words = str | Promise


@dataclass(frozen=True, slots=True)
class ImportColumn:
    """Something that a line can say. The aliases, with spaces between them, are compared without marks and case.

    `read` makes a value of a cell: None for a blank, ValueError with a sentence for what cannot be understood. Without an `is_needed` column there is no plan.
    """

    code: str
    label: Words
    heading: str
    heading_en: str
    aliases: str
    read: Callable[[Any], Any]
    is_needed: bool = False

    @property
    def own_heading(self) -> str:
        """As a file for the reader has it; an import understands both."""
        return self.heading if is_chinese() else self.heading_en


@dataclass(frozen=True, slots=True)
class FoundColumns:
    """The row that holds the headings (counted from 0, None for none), and the column of each field that was found."""

    header_row: int | None
    mapping: dict[str, int]


class ColumnSet:
    """The columns of one import. A row is one of headings where it names two of them, one of which is `telling` (or any, where nothing is).

    A row with nothing but the `key` is a line too; with any other single cell it is a remark.
    """

    def __init__(self, columns: Sequence[ImportColumn], *, telling: Sequence[str] = (), key: str = "") -> None:
        self.columns = tuple(columns)
        self.by_code = {column.code: column for column in self.columns}
        self.key = key
        self._telling = frozenset(telling or self.by_code)
        self._by_alias = {
            normalize(alias): column.code
            for column in reversed(self.columns)
            for alias in (*column.aliases.split(), column.heading, column.heading_en, column.code)
        }

    def label_of(self, code: str) -> str:
        """What a field is called; nothing for what is none."""
        return str(self.by_code[code].label) if code in self.by_code else ""

    def find(self, rows: Sequence[Sequence[Any]]) -> FoundColumns:
        """The row among the first that names the most fields, below titles and blank lines, by itself or together with the headings above it."""
        best = FoundColumns(None, {})
        above: Sequence[Any] = ()
        for number, row in enumerate(rows[:ROWS_SEARCHED]):
            joined = self.joined(above, row)
            mapping = self.match(joined)
            if len(mapping) > len(best.mapping) and len(mapping) >= 2 and self._telling & mapping.keys():
                best = FoundColumns(number, mapping)
            above = row
        return best

    def match(self, row: Sequence[Any]) -> dict[str, int]:
        """The column of each field that a row of headings names; the first of several wins."""
        mapping: dict[str, int] = {}
        for column, cell in enumerate(row):
            code = self.named_by(cell)
            if code is not None:
                mapping.setdefault(code, column)
        return mapping

    def named_by(self, cell: Any) -> str | None:
        return self._by_alias.get(normalize(cell)) if isinstance(cell, str) else None

    def joined(self, above: Sequence[Any], row: Sequence[Any]) -> list[Any]:
        """A row of headings with those of the row above in its blank cells, where headings take two rows: every cell of the lower one names something."""
        named = [self.named_by(cell) for cell in row if not is_blank(cell)]
        if not named or None in named or not self.match(above):
            return list(row)
        width = max(len(above), len(row))
        lower, upper = [*row, *[None] * (width - len(row))], [*above, *[None] * (width - len(above))]
        return [over if is_blank(cell) else cell for cell, over in zip(lower, upper, strict=True)]

    def headings(self, rows: Sequence[Sequence[Any]], header_row: int | None) -> list[Any]:
        """The headings as they stand in the file."""
        if header_row is None or not 0 <= header_row < len(rows):
            return []
        return self.joined(rows[header_row - 1] if header_row else (), rows[header_row])

    def doubled(self, headings: Sequence[Any]) -> dict[str, list[int]]:
        """Fields that several headings name, with their columns."""
        places: dict[str, list[int]] = {}
        for column, cell in enumerate(headings):
            code = self.named_by(cell)
            if code is not None:
                places.setdefault(code, []).append(column)
        return {code: columns for code, columns in places.items() if len(columns) > 1}

    def missing(self, mapping: Mapping[str, int]) -> list[ImportColumn]:
        """What a plan cannot do without."""
        return [column for column in self.columns if column.is_needed and column.code not in mapping]


def normalize(text: str) -> str:
    """A heading without what people decorate it with: spaces, stars, brackets and what is in them."""
    folded = unicodedata.normalize("NFKC", text).lower()
    folded = re.sub(r"[(\[【].*?[)\]】]", "", folded)
    return re.sub(r"[^\w]|_", "", folded)
