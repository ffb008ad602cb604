"""Spreadsheets as they look: a line for each row, a tab between two columns, empty ones too; days as days, and the sheets in their order with their names."""

import os
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from portal.attachments.reading.far_cells import drawn_together
from portal.attachments.reading.parts import Protected, paged

MEDIA_TYPES = {
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def texts(file: IO[bytes]) -> Iterator[str]:
    """A sheet begins a page of its own. One that cannot be read, or is a drawing, is its name alone."""
    with os.fdopen(os.dup(file.fileno()), "rb") as again, _opened(drawn_together(again)) as workbook:
        for name in workbook.sheet_names:
            yield from paged(_lines(name, workbook))


def _opened(file: IO[bytes]) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(file)
    except PasswordError as error:
        raise Protected("an encrypted workbook") from error


def _lines(name: str, workbook: CalamineWorkbook) -> Iterator[str]:
    yield f"{name}\n"
    try:
        sheet = workbook.get_sheet_by_name(name)
    except CalamineError:
        return
    for row in sheet.iter_rows():
        if line := "\t".join(_shown(cell) for cell in row).rstrip("\t"):
            yield f"{line}\n"


def _shown(cell: Any) -> str:
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            return f"{cell:.15g}"
        case datetime():
            return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
        case date():
            return f"{cell:%Y-%m-%d}"
        case time():
            return f"{cell:%H:%M}"
        case timedelta():
            minutes = round(cell.total_seconds() / 60)
            return f"{minutes // 60}:{minutes % 60:02}"
    return " ".join(str(cell).split())
