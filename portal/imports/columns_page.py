"""The page on which somebody says which column is which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.foundation.asking import number_of
from portal.imports.definition import Importer
from portal.imports.errors import ImportRefusedError
from portal.imports.models import Import
from portal.imports.tables import is_blank, is_blank_row, letters_of, shown

SAMPLE_ROWS = 8
SEARCHED_FOR_SAMPLES = 60
MEASURED_ROWS = 200
FIELD_PREFIX = "column_"


@dataclass(frozen=True, slots=True)
class ChosenColumns:
    """What the form says: the row of the headings (from 0), the field of each column, and what is ticked."""

    header_row: int | None
    by_column: Mapping[int, str]
    options: Mapping[str, bool] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Import) -> "ChosenColumns":
        return cls(stored.header_row, {column: code for code, column in stored.mapping.items()}, stored.options)

    def mapping(self, importer: Importer[Any]) -> dict[str, int]:
        """The column of each field. Refuses a field that was chosen for two columns."""
        mapping: dict[str, int] = {}
        for column, code in sorted(self.by_column.items()):
            if code in mapping:
                words = {"field": importer.columns.label_of(code), "one": letters_of(mapping[code]), "other": letters_of(column)}
                raise ImportRefusedError(_("Columns %(one)s and %(other)s are both %(field)s. Choose one of them, and “not used” for the other.") % words)
            mapping[code] = column
        return mapping


def asked_columns(request: HttpRequest, importer: Importer[Any], stored: Import) -> ChosenColumns:
    """`header_row` counted from 1, and `column_<index>` = field. A form without columns asks for what is kept."""
    options = {option.code: option.code in request.POST for option in importer.options}
    if not any(key.startswith(FIELD_PREFIX) for key in request.POST):
        return ChosenColumns(stored.header_row, ChosenColumns.of(stored).by_column, options)
    header = number_of(request.POST.get("header_row"))
    chosen = {}
    for key, code in request.POST.items():
        index = key.removeprefix(FIELD_PREFIX)
        if key.startswith(FIELD_PREFIX) and index.isdecimal() and len(index) < 4 and code in importer.columns.by_code:
            chosen[int(index)] = str(code)
    return ChosenColumns(header - 1 if 0 < header <= len(stored.rows) else None, chosen, options)


def columns_context(importer: Importer[Any], stored: Import, chosen: ChosenColumns) -> dict[str, Any]:
    rows, header = stored.rows, chosen.header_row
    headings = importer.columns.headings(rows, header)
    start = 0 if header is None else header + 1
    sample = [row for row in rows[start : start + SEARCHED_FOR_SAMPLES] if not is_blank_row(row)][:SAMPLE_ROWS]
    width = max((len(row) for row in rows[:MEASURED_ROWS]), default=0)
    columns = [
        {
            "index": index,
            "letters": letters_of(index),
            "heading": shown(headings[index]) if index < len(headings) else "",
            "field": chosen.by_column.get(index, ""),
            "samples": [shown(row[index]) for row in sample if index < len(row) and not is_blank(row[index])][:3],
        }
        for index in range(width)
    ]
    return {
        "import": stored,
        "columns": columns,
        "fields": importer.columns.columns,
        "options": [{"option": option, "is_ticked": chosen.options.get(option.code, False)} for option in importer.options],
        "header_number": "" if header is None else header + 1,
        "row_count": len(rows),
        "doubled": _doubled(importer, headings),
    }


def _doubled(importer: Importer[Any], headings: Sequence[Any]) -> list[dict[str, str]]:
    """Fields that two headings name: the first is taken unless somebody says otherwise."""
    found = importer.columns.doubled(headings)
    return [
        {"field": importer.columns.label_of(code), "columns": _(", ").join(letters_of(column) for column in places), "taken": letters_of(places[0])}
        for code, places in found.items()
    ]
