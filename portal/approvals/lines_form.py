"""A table of a form while it is written: what was typed stays as it was typed, each error stands at its cell."""

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.approvals.cells import Cells, half_width
from portal.approvals.computing import Trouble, sums_of
from portal.approvals.definitions.fields import FieldPlan
from portal.approvals.definitions.tables import TablePlan
from portal.approvals.services.contents import new_uid

EMPTY_ROWS = 3
ROWS_AT_ONCE = 5
MOST_PASTED = 2_000_000
GREATEST_COUNT = 600
NARROW = {"text": 12, "item": 14, "supplier": 12, "number": 8, "money": 9, "day": 10, "month": 7, "choice": 8, "department": 9, "person": 9}


@dataclass(slots=True)
class Row:
    """One line as it stands on the page. `values` are what could be read, and what is not written here."""

    uid: str
    origin: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    hint: str = ""
    is_pasted: bool = False


class TableForm:
    """`writable` are the columns that this person writes here. In a step (`is_fixed`) the lines are those that there are."""

    def __init__(self, plan: TablePlan, lines: Sequence[Mapping[str, Any]], *, writable: Collection[str], cells: Cells, is_fixed: bool, reserved: bool) -> None:
        self.plan, self.cells, self.is_fixed = plan, cells, is_fixed
        self.columns = [column for column in plan.columns if reserved or not column.is_reserved]
        self.writable = {column.key for column in self.columns if column.key in writable and not column.is_computed}
        self.stored = {str(line["uid"]): line for line in lines}
        cells.know_people(int(line[column.key]) for column in plan.columns if column.type == "person" for line in lines if line.get(column.key))
        self.rows = [self._row(line) for line in lines]
        self.error = ""
        self.paste_text = ""
        self.forbidden: list[str] = []
        self.said: dict[str, dict[str, str]] = {}

    def bind(self, data: Mapping[str, Any]) -> None:
        """What was posted, in place of what was stored."""
        key = self.plan.key
        count = min(_count(data.get(f"{key}-rows")), GREATEST_COUNT)
        rows = []
        for number in range(count):
            uid = str(data.get(f"{key}-{number}-uid", ""))[:20]
            old = self.stored.get(uid)
            if self.is_fixed and old is None:
                continue
            row = Row(uid or new_uid(), str(data.get(f"{key}-{number}-origin", ""))[:40] if not self.is_fixed else str((old or {}).get("origin", "")))
            row.values = {column.key: (old or {}).get(column.key) for column in self.plan.columns}
            for column in self.plan.columns:
                posted = data.get(f"{key}-{number}-{column.key}")
                if column.key in self.writable:
                    self._type(row, column, str(posted if posted is not None else ""))
                elif posted is not None:
                    self.forbidden.append(column.label)
            rows.append(row)
        if count or not self.is_fixed:
            self.rows = rows
        self.paste_text = str(data.get(f"{key}-paste", ""))[:MOST_PASTED]

    @property
    def written(self) -> list[Row]:
        """The rows in which something stands."""
        return [row for row in self.rows if self.is_fixed or row.origin or any(text.strip() for text in row.typed.values())]

    @property
    def is_valid(self) -> bool:
        return not self.error and not self.forbidden and not any(row.errors for row in self.written)

    def lines(self) -> list[dict[str, Any]]:
        """As a content keeps them, but for what is computed."""
        return [{"uid": row.uid} | ({"origin": row.origin} if row.origin else {}) | row.values for row in self.written]

    def filled(self) -> list[dict[str, Any]]:
        """What is written in a step alone."""
        return [{"uid": row.uid} | {key: row.values.get(key) for key in self.writable} for row in self.rows]

    def show(self, computed: Sequence[Mapping[str, Any]], troubles: Iterable[Trouble]) -> None:
        """Take over what was computed, and the sentences of what does not hold."""
        written = self.written
        for row, line in zip(written, computed, strict=True):
            row.values = {column.key: line.get(column.key) for column in self.plan.columns}
        for trouble in troubles:
            if trouble.table != self.plan.key:
                continue
            if not trouble.key or trouble.line >= len(written):
                self.error = self.error or trouble.sentence
            elif not trouble.is_grave:
                column = self.plan.column(trouble.key)
                written[trouble.line].hint = f"{column.label if column else trouble.key}: {trouble.sentence}"
            else:
                written[trouble.line].errors.setdefault(trouble.key, trouble.sentence)

    def add_rows(self, number: int = ROWS_AT_ONCE) -> None:
        free = self.plan.most - len(self.rows)
        self.rows += [self._empty() for _number in range(min(number, free))]
        if free <= 0:
            self.error = _("Up to %(most)s lines.") % {"most": self.plan.most}

    def take(self, lines: Iterable[Mapping[str, Any]]) -> int:
        """Add lines from elsewhere, what this person writes of them; returns how many. Refuses more than the table holds."""
        new = [self._row(line, is_pasted=True) for line in lines]
        kept = self.written
        if len(kept) + len(new) > self.plan.most:
            words = {"count": f"{len(kept) + len(new):,}", "most": self.plan.most}
            self.error = _("These would be %(count)s lines; a table holds %(most)s. Nothing was taken.") % words
            return 0
        self.rows = kept + new
        return len(new)

    def paste(self, at: str = "") -> None:
        """Cells copied from a spreadsheet, from the cell `lines-3-price` on, else below what stands there. A first line of names says which column is which."""
        table = [cells for cells in csv.reader(self.paste_text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), delimiter="\t") if any(cells)]
        if not table:
            self.error = _("Copy cells in a spreadsheet, and paste them here.")
        elif self.put(table, at):
            self.paste_text = ""

    def put(self, table: list[list[str]], at: str = "", *, heads_within: int = 1) -> bool:
        """Rows of cells, from the cell `at` on, else below what stands there; whether they were taken.

        Among the first lines one of names says which column is which, and what stands above it is passed over.
        """
        columns = [column for column in self.columns if column.key in self.writable]
        named = {half_width(label): column for column in columns for label in column.label_in.values()}
        heads = [[half_width(text) for text in cells] for cells in table[:heads_within]]
        headed = next((place for place, names in enumerate(heads) if sum(name in named for name in names) >= min(2, len(columns))), None)
        if headed is not None and len(table) > headed + 1:
            order: list[FieldPlan | None] = [named.get(head) for head in heads[headed]]
            table = table[headed + 1 :]
        else:
            _key, _dash, first = at.rpartition("-")
            start = next((place for place, column in enumerate(columns) if column.key == first), 0)
            order = list(columns[start:])
        start_row = self._start(at)
        if start_row + len(table) > self.plan.most:
            words = {"count": f"{len(table):,}", "most": self.plan.most}
            self.error = _("You pasted %(count)s lines; a table holds %(most)s. Nothing was taken: divide them among several papers.") % words
            return False
        while len(self.rows) < start_row + len(table):
            self.rows.append(self._empty())
        for row, cells in zip(self.rows[start_row:], table, strict=False):
            row.is_pasted = True
            for column, text in zip(order, cells, strict=False):
                if column is not None:
                    self._type(row, column, text)
        return True

    def ready(self) -> None:
        """Some empty rows to write in, once all is read."""
        if not self.is_fixed:
            blank = len(self.rows) - len(self.written)
            self.add_rows(max(0, min(EMPTY_ROWS - blank, self.plan.most - len(self.rows))))

    # What the page shows.

    @property
    def heads(self) -> list[tuple[FieldPlan, str]]:
        return [(column, "num" if column.is_number else "") for column in self.columns]

    def drawn(self) -> list[dict[str, Any]]:
        """Each row with its cells as HTML, and the sentences below it."""
        rows = []
        for number, row in enumerate(self.rows):
            told = [(column.label, row.errors[column.key]) for column in self.plan.columns if column.key in row.errors]
            rows.append({"number": number, "row": row, "cells": [self._cell(number, row, column) for column in self.columns], "errors": told})
        return rows

    def sums(self) -> list[tuple[FieldPlan, str, str]]:
        """Column, id and sum of what is summed."""
        found = sums_of(self.plan, self.lines())
        return [(column, f"{self.plan.key}-sum-{column.key}", f"{found[column.key]:,}") for column in self.columns if column.key in found]

    def words(self) -> dict[str, str]:
        """What is computed, by the id of its place on the page."""
        found = {f"{self.plan.key}-{number}-{column.key}": self._computed(row, column) for number, row in enumerate(self.rows) for column in self._outputs()}
        return found | {place: said for _column, place, said in self.sums()}

    def errors(self) -> dict[str, str]:
        return {f"{self.plan.key}-{number}-{key}": sentence for number, row in enumerate(self.rows) for key, sentence in row.errors.items()}

    def places(self) -> list[tuple[str, str]]:
        """Where errors stand: (id, 第 5 行 需用日)."""
        found = []
        for number, row in enumerate(self.rows):
            for key in row.errors:
                column = self.plan.column(key)
                words = _("line %(number)s, %(column)s") % {"number": number + 1, "column": column.label if column else key}
                found.append((f"{self.plan.key}-{number}-{key}", words))
        return found

    def _outputs(self) -> list[FieldPlan]:
        return [column for column in self.columns if column.key not in self.writable]

    def _computed(self, row: Row, column: FieldPlan) -> str:
        value = row.values.get(column.key)
        if value in (None, ""):
            return ""
        shown = self.cells.show(column, value)
        whole, _dot, rest = shown.partition(".")
        return f"{int(whole):,}{f'.{rest}' if rest else ''}" if column.is_number and whole.lstrip("-").isdigit() and whole != "-0" else shown

    def _cell(self, number: int, row: Row, column: FieldPlan) -> SafeString:
        place = f"{self.plan.key}-{number}-{column.key}"
        kind = "num" if column.is_number else ""
        if column.key not in self.writable:
            return format_html('<td class="out {}" data-label="{}"><output id="{}">{}</output></td>', kind, column.label, place, self._computed(row, column))
        is_wrong = column.key in row.errors
        label = _("line %(number)s, %(column)s") % {"number": number + 1, "column": column.label}
        more = format_html(' aria-invalid="true" aria-describedby="{}-{}-error"', self.plan.key, number) if is_wrong else ""
        if column.type in ("item", "supplier"):
            more = format_html('{} list="known-{}"', more, column.type)
        elif column.type in ("choice", "department"):
            more = format_html('{} list="{}-{}-choices"', more, self.plan.key, column.key)
        elif column.is_number:
            more = format_html('{} inputmode="decimal"', more)
        return format_html(
            '<td class="{} {}{}" data-label="{}"><input id="{}" name="{}" value="{}" size="{}" aria-label="{}" autocomplete="off"{}></td>',
            kind,
            "pasted" if row.is_pasted else "",
            " wrong" if is_wrong else "",
            column.label,
            place,
            place,
            row.typed.get(column.key, ""),
            NARROW[column.type],
            label,
            more,
        )

    def _row(self, line: Mapping[str, Any], *, is_pasted: bool = False) -> Row:
        row = Row(str(line.get("uid") or new_uid()), str(line.get("origin", "")), hint=str(line.get("hint", "")), is_pasted=is_pasted)
        row.values = {column.key: line.get(column.key) for column in self.plan.columns}
        row.typed = {key: self.cells.show(column, line.get(key)) for key in self.writable if (column := self.plan.column(key)) is not None}
        return row

    def _empty(self) -> Row:
        return Row(new_uid(), typed=dict.fromkeys(self.writable, ""))

    def _type(self, row: Row, column: FieldPlan, text: str) -> None:
        row.typed[column.key] = text[:GREATEST_COUNT]
        row.errors.pop(column.key, None)
        try:
            row.values[column.key] = self.cells.read(column, text)
        except ValidationError as error:
            row.values[column.key] = None
            row.errors[column.key] = str(error.messages[0])

    def _start(self, at: str) -> int:
        parts = at.split("-")
        if len(parts) == 3 and parts[0] == self.plan.key and parts[1].isdigit() and len(parts[1]) < 4:
            return min(int(parts[1]), len(self.rows))
        return max((number + 1 for number, row in enumerate(self.rows) if any(text.strip() for text in row.typed.values())), default=0)


def _count(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
