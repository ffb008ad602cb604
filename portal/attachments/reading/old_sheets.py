"""Workbooks of an old Excel (.xls) with a cell far away from the others: the reader lays out every cell between them.

Cells are records of one stream that say their row and column ([MS-XLS] 2.1.4, 2.4). What is empty between them is taken out where they stand, so the
stream keeps its length.
"""

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from olefile import OleFileIO

from portal.attachments.reading.parts import MOST_CELLS

STREAMS = ("Workbook", "Book")
BEGIN, DIMENSIONS, PASSWORD, BLANK = 0x0809, 0x0200, 0x002F, 0x0201
ONE_CELL = frozenset({0x0006, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E})
ROW_OF_CELLS = 0x00BD
NEAR = {10: struct.pack("<5H", 0, 1, 0, 1, 0), 14: struct.pack("<2I3H", 0, 1, 0, 1, 0)}

Cell = tuple[int, int, int, int]  # where its record begins, its row, its first column, its last


def drawn_together(file: IO[bytes]) -> IO[bytes]:
    """The workbook, or one like it whose far cells stand beside the others."""
    content = BytesIO(file.read())
    with OleFileIO(content) as container:
        name = next((one for one in STREAMS if container.exists(one)), "")
        stream = bytearray(container.openstream(name).read()) if name else bytearray()
    before = bytes(stream)
    for begin, end in _parts(stream):
        _draw_together(stream, begin, end)
    if stream != before:
        with OleFileIO(content, write_mode=True) as container:
            container.write_stream(name, bytes(stream))
    content.seek(0)
    return content


def _records(stream: bytearray, begin: int = 0, end: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Where each begins, its type, and its length."""
    end = len(stream) if end is None else end
    while begin + 4 <= end:
        kind, length = struct.unpack_from("<HH", stream, begin)
        if begin + 4 + length > end:
            return
        yield begin, kind, length
        begin += 4 + length


def _parts(stream: bytearray) -> list[tuple[int, int]]:
    """The sheets, and what else the stream is made of; none where it is encrypted."""
    begins = []
    for begin, kind, _length in _records(stream):
        if kind == PASSWORD:
            return []
        if kind == BEGIN:
            begins.append(begin)
    return list(zip(begins, [*begins[1:], len(stream)], strict=True))


def _draw_together(stream: bytearray, begin: int, end: int) -> None:
    cells = list(_cells(stream, begin, end))
    columns = sorted({column for _place, _row, first, last in cells for column in range(first, last + 1)})
    rows = sorted({row for _place, row, _first, _last in cells})
    is_far = bool(cells) and (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1) > MOST_CELLS
    if is_far and len(rows) * len(columns) > MOST_CELLS:
        for place, *_rest in cells:
            struct.pack_into("<H", stream, place, BLANK)
    elif is_far:
        new_rows, new_columns = ({number: place for place, number in enumerate(numbers)} for numbers in (rows, columns))
        for place, row, first, last in cells:
            struct.pack_into("<HH", stream, place + 4, new_rows[row], new_columns[first])
            if struct.unpack_from("<H", stream, place)[0] == ROW_OF_CELLS:
                struct.pack_into("<H", stream, place + 2 + struct.unpack_from("<H", stream, place + 2)[0], new_columns[last])
    for place, kind, length in _records(stream, begin, end):
        if kind == DIMENSIONS and length in NEAR and (is_far or not cells):
            stream[place + 4 : place + 4 + length] = NEAR[length]


def _cells(stream: bytearray, begin: int, end: int) -> Iterator[Cell]:
    for place, kind, length in _records(stream, begin, end):
        if kind in ONE_CELL and length >= 6:
            row, column = struct.unpack_from("<HH", stream, place + 4)
            yield place, row, column, column
        elif kind == ROW_OF_CELLS and length >= 12:
            row, first = struct.unpack_from("<HH", stream, place + 4)
            (last,) = struct.unpack_from("<H", stream, place + 2 + length)
            if first <= last < first + length:
                yield place, row, first, last
