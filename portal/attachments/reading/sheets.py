"""Spreadsheets as they look: a line for each row, a tab between two columns, empty ones too; days as days, and the sheets in their order with their names."""

import os
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import IO, Any
from zipfile import ZipFile, is_zipfile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetMetadata, SheetTypeEnum

from portal.attachments.reading.far_cells import drawn_together
from portal.attachments.reading.mending import BROKEN, lacks_a_part, mended
from portal.attachments.reading.parts import Protected, paged

MEDIA_TYPES = {
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def texts(file: IO[bytes], lost: set[str]) -> Iterator[str]:
    """A sheet begins a page of its own. One that cannot be read, or is a drawing, is its name alone; `lost` learns what could not be read."""
    with os.fdopen(os.dup(file.fileno()), "rb") as again:
        workbook = _Workbook(again, lost)
        for sheet in workbook.sheets:
            yield from paged(_lines(sheet.name, workbook.rows(sheet)))


class _Workbook:
    """A workbook as it is; what is broken in it is read of one that was mended."""

    def __init__(self, file: IO[bytes], lost: set[str]) -> None:
        self.file, self.lost = file, lost
        if _lacks_a_part(file):
            lost.add("a part that is not there")
        try:
            self.book = CalamineWorkbook.from_filelike(drawn_together(file))
        except PasswordError as error:
            raise Protected("an encrypted workbook") from error
        except (CalamineError, *BROKEN):
            lost.add("a part of the workbook")
            self.book = self.whole
        self.sheets = self.book.sheets_metadata

    def rows(self, sheet: SheetMetadata) -> Iterator[list[Any]]:
        try:
            return self.book.get_sheet_by_name(sheet.name).iter_rows()
        except CalamineError:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                return iter(())
        self.lost.add(sheet.name)
        try:
            return self.whole.get_sheet_by_name(sheet.name).iter_rows()
        except CalamineError:
            return iter(())

    @cached_property
    def whole(self) -> CalamineWorkbook:
        """The same without what is broken. Refuses what cannot be mended either."""
        return CalamineWorkbook.from_filelike(drawn_together(mended(self.file)))


def _lacks_a_part(file: IO[bytes]) -> bool:
    is_zip = is_zipfile(file)
    file.seek(0)
    if not is_zip:
        return False
    with ZipFile(file) as archive:
        lacks = lacks_a_part(archive)
    file.seek(0)
    return lacks


def _lines(name: str, rows: Iterator[list[Any]]) -> Iterator[str]:
    yield f"{name}\n"
    for row in rows:
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
