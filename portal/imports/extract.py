"""Reads a workbook in a limited process and answers with its rows as JSON.

A workbook may claim a cell in its last row and column, which takes hundreds of gigabytes to hold: then this process dies, and no other.
Cells are strings, numbers, booleans or null; a date is {"date": "2026-11-23"}, a formula of which nobody knows the result {"formula": true}.
Cells merged downwards are filled. What stands below the last row that says something is left out.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import repeat
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from portal.imports.limits import MOST_CELL_LENGTH, MOST_COLUMNS, MOST_ROWS

SHEET_NAME = re.compile(r'<sheet\b[^>]*\bname="([^"]*)"')
UNCOMPUTED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>')
FAILED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*\bt="e"[^>]*>(?:\s*<f\b[^>]*(?:/>|>[^<]*</f>))?\s*<v>([^<]{1,20})</v>')


def extract_workbook(payload: IO[bytes]) -> bytes:
    """The visible sheet with the most rows, as {"sheet", "rows"}, or {"fault", ...}."""
    content = payload.read()
    try:
        answer = _extract(content)
    except PasswordError:
        answer = {"fault": "password"}
    except (CalamineError, ValueError, OSError):
        answer = {"fault": "broken"}
    return json.dumps(answer).encode()


def _extract(content: bytes) -> dict[str, Any]:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    shown = [index for index, sheet in enumerate(workbook.sheets_metadata) if sheet.visible == SheetVisibleEnum.Visible]
    sheets = {index: workbook.get_sheet_by_index(index) for index in shown or range(len(workbook.sheet_names))}
    if not sheets:
        return {"fault": "empty"}
    place, sheet = max(sheets.items(), key=lambda pair: pair[1].height)
    rows: list[list[Any]] = []
    blank = (sheet.start or (0, 0))[0]
    left = (sheet.start or (0, 0))[1]
    for row in sheet.iter_rows():
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row):
            blank += 1
            continue
        if len(rows) + blank >= MOST_ROWS:
            return {"fault": "rows", "sheet": sheet.name, "row": (sheet.end or (0, 0))[0] + 1}
        rows.extend([] for _number in repeat(None, blank))
        blank = 0
        rows.append(_without_blank_end([None] * left + [_plain(cell) for cell in row]))
        if len(rows[-1]) > MOST_COLUMNS:
            return {"fault": "columns", "sheet": sheet.name, "row": len(rows), "columns": len(rows[-1])}
    for (top, first), (bottom, _right) in sheet.merged_cell_ranges or []:
        _fill_down(rows, top, first, bottom)
    for row_number, column, value in _formulas(content, workbook.sheet_names[place]):
        if row_number < len(rows) and column < MOST_COLUMNS:
            _put(rows[row_number], column, value)
    return {"sheet": sheet.name, "rows": rows}


def _fill_down(rows: list[list[Any]], top: int, first: int, bottom: int) -> None:
    if top >= len(rows) or first >= len(rows[top]) or first >= MOST_COLUMNS:
        return
    for number in range(top + 1, min(bottom + 1, len(rows))):
        if first >= len(rows[number]) or rows[number][first] in ("", None):
            _put(rows[number], first, rows[top][first])


def _put(row: list[Any], column: int, value: Any) -> None:
    row.extend(repeat(None, column + 1 - len(row)))
    row[column] = value


def _without_blank_end(row: list[Any]) -> list[Any]:
    while row and (row[-1] is None or (isinstance(row[-1], str) and not row[-1].strip())):
        row.pop()
    return row


def _formulas(content: bytes, sheet_name: str) -> Iterator[tuple[int, int, Any]]:
    """Row and column, counted from 0, of formulas without a result, as programs write them that do not compute, and of those with an error, such as #REF!."""
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            xml = archive.read(_part_of(archive, sheet_name))
    except (KeyError, StopIteration, zipfile.BadZipFile):
        return
    for letters, number in UNCOMPUTED.findall(xml) if b"<f" in xml else ():
        yield int(number) - 1, _column_number(letters.decode()), {"formula": True}
    for letters, number, error in FAILED.findall(xml) if b't="e"' in xml else ():
        yield int(number) - 1, _column_number(letters.decode()), error.decode()


def _part_of(archive: zipfile.ZipFile, sheet_name: str) -> str:
    """The member of an XLSX that holds a sheet."""
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    order = [re.search(r'r:id="([^"]+)"', tag) for tag in re.findall(r"<sheet\b[^>]*>", book)]
    names = SHEET_NAME.findall(book)
    link = next(found[1] for found, name in zip(order, names, strict=False) if found and _unescaped(name) == sheet_name)
    target = next(tag for tag in re.findall(r"<Relationship\b[^>]*>", links) if f'Id="{link}"' in tag)
    path = re.search(r'Target="([^"]+)"', target)
    return "" if path is None else path[1].removeprefix("/") if path[1].startswith("/") else f"xl/{path[1]}"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&apos;", "'").replace("&amp;", "&")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"date": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell[: MOST_CELL_LENGTH + 1] if isinstance(cell, str) else cell
