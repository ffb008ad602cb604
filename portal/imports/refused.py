"""The lines that are refused, to be taken away, put right, and uploaded again."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.imports.definition import Importer
from portal.imports.lines import Fault
from portal.imports.models import Import
from portal.imports.plan import Kind
from portal.imports.tables import letters_of


def refused_rows(importer: Importer[Any], stored: Import) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows as they stand in the file, with the row and the reasons behind."""
    width = max((len(row) for row in stored.rows), default=0)
    headings = [str(heading or "") for heading in importer.columns.headings(stored.rows, stored.header_row)]
    headings += [""] * (width - len(headings))
    by_column = {column: code for code, column in stored.mapping.items()}
    headings = [heading or importer.columns.label_of(by_column.get(place, "")) for place, heading in enumerate(headings)]
    rows = []
    for entry in (stored.plan or {}).get("lines", []):
        if entry["kind"] == Kind.REFUSED and 0 < entry["number"] <= len(stored.rows):
            row = stored.rows[entry["number"] - 1]
            reasons = " ".join(_said(importer, stored, Fault(**fault), entry["number"]) for fault in entry["faults"])
            rows.append([*[_cell(value) for value in row], *[""] * (width - len(row)), entry["number"], reasons])
    return [*headings, _("Row in the file"), _("Why it was refused")], rows


def place_of(stored: Import, fault: Fault, number: int) -> str:
    """The cell of a fault as spreadsheets call it, such as C5; nothing for the whole line."""
    return f"{letters_of(stored.mapping[fault.field])}{number}" if number and fault.field in stored.mapping else ""


def _said(importer: Importer[Any], stored: Import, fault: Fault, number: int) -> str:
    label, place = importer.columns.label_of(fault.field), place_of(stored, fault, number)
    where = f"{label} ({place})" if label and place else label
    return _("%(where)s: %(sentence)s") % {"where": where, "sentence": fault.sentence} if where else fault.sentence


def _cell(value: Any) -> Any:
    """A cell as it was read; days are kept as such."""
    if isinstance(value, dict):
        return date.fromisoformat(value["date"]) if "date" in value else "="
    return value
