"""Sheets with a cell far away from the others: the reader lays out every cell between them, some 17,000,000,000 where somebody typed into the last one.

What is empty between is taken out: rows and columns stay in their order. Sheets without such cells are left as they are.
"""

import re
from collections.abc import Callable
from string import ascii_uppercase
from typing import IO
from zipfile import ZipFile, is_zipfile

from olefile import isOleFile

from portal.attachments.reading import old_sheets
from portal.attachments.reading.parts import MOST_CELLS, MOST_UNPACKED, packed

MOST_EMPTY_ROWS = 100_000
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
CELL = re.compile(rb'(<(?:\w+:)?c [^>]*?\br=")([A-Z]{1,3})([0-9]{1,7})(")')
ROW = re.compile(rb'(<(?:\w+:)?row [^>]*?\br=")([0-9]{1,7})(")')
NOTHING = b"<worksheet/>"
OPEN_SHEETS = "content.xml"
OPEN_PARTS = {"mimetype", "META-INF/manifest.xml", OPEN_SHEETS}
REPEATED = re.compile(rb"""(number-(?:rows|columns)-repeated=["'])[1-9][0-9]{3,}""")


def drawn_together(file: IO[bytes]) -> IO[bytes]:
    """The workbook itself, or one like it whose far cells stand beside the others."""
    is_zip = is_zipfile(file)
    file.seek(0)
    if not is_zip:
        return old_sheets.drawn_together(file) if isOleFile(file) else file
    with ZipFile(file) as archive:
        names = archive.namelist()
        if OPEN_SHEETS in names:
            return _copied(archive, [name for name in names if name in OPEN_PARTS], _unrepeated(archive))
        nearer = {name: changed for name in names if SHEET.fullmatch(name) and (changed := _nearer(archive, name)) is not None}
        if nearer:
            return _copied(archive, names, nearer)
    file.seek(0)
    return file


def _copied(archive: ZipFile, names: list[str], changed: dict[str, bytes]) -> IO[bytes]:
    return packed((name, changed[name] if name in changed else archive.read(name)) for name in names)


def _unrepeated(archive: ZipFile) -> dict[str, bytes]:
    """The sheets of an OpenDocument, where what is between two cells is said by how often nothing is repeated."""
    if archive.getinfo(OPEN_SHEETS).file_size > MOST_UNPACKED:
        return {}
    return {OPEN_SHEETS: REPEATED.sub(rb"\g<1>1", archive.read(OPEN_SHEETS))}


def _nearer(archive: ZipFile, name: str) -> bytes | None:
    """The sheet without the emptiness in it; None where there is not much of that."""
    if archive.getinfo(name).file_size > MOST_UNPACKED:
        return None
    content = archive.read(name)
    cells = CELL.findall(content)
    columns, rows = {column for _before, column, _row, _after in cells}, {int(row) for _before, _column, row, _after in cells}
    numbers = {column: _number(column) for column in columns}
    if not cells or (max(rows) * max(numbers.values()) <= MOST_CELLS and max(rows) - len(rows) <= MOST_EMPTY_ROWS):
        return None
    if len(rows) * len(columns) > MOST_CELLS:
        return NOTHING
    new_columns = {column: _letters(place) for place, column in enumerate(sorted(columns, key=lambda column: numbers[column]), 1)}
    new_rows = {row: place for place, row in enumerate(sorted(rows | {int(row) for _before, row, _after in ROW.findall(content)}), 1)}
    content = CELL.sub(_renamed(lambda found: new_columns[found[2]] + b"%d" % new_rows[int(found[3])]), content)
    return ROW.sub(_renamed(lambda found: b"%d" % new_rows[int(found[2])]), content)


def _renamed(name: Callable[[re.Match[bytes]], bytes]) -> Callable[[re.Match[bytes]], bytes]:
    return lambda found: found[1] + name(found) + found[found.lastindex or 0]


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> bytes:
    letters = ""
    while number:
        number, last = divmod(number - 1, 26)
        letters = ascii_uppercase[last] + letters
    return letters.encode()
