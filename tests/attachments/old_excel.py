"""Workbooks as Excel 97 to 2003 wrote them ([MS-XLS] in [MS-CFB]), with no more in them than a reader needs."""

import struct

SECTOR, SMALLEST = 512, 4096
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
CUTOFF_OF_SMALL_STREAMS = 4096

Cells = dict[tuple[int, int], str | float | list[int]]


def xls(sheets: dict[str, Cells]) -> bytes:
    """Sheets by their names; a cell is text or a number, a list the numbers from there on in one record."""
    bodies = [_begin(0x10) + _dimensions(cells) + b"".join(_cell(place, value) for place, value in cells.items()) + _record(0x0A) for cells in sheets.values()]
    names = [_record(0x85, struct.pack("<IBBBB", 0, 0, 0, len(name), 1) + name.encode("utf-16-le")) for name in sheets]
    head = _begin(0x05) + _record(0x42, struct.pack("<H", 1200))
    place = len(head) + sum(len(name) for name in names) + len(_record(0x0A))
    listed = b""
    for name, body in zip(names, bodies, strict=True):
        listed += name[:4] + struct.pack("<I", place) + name[8:]
        place += len(body)
    return _container("Workbook", head + listed + _record(0x0A) + b"".join(bodies))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def _dimensions(cells: Cells) -> bytes:
    rows, columns = {row for row, _column in cells}, {column for _row, column in cells}
    return _record(0x0200, struct.pack("<IIHHH", min(rows), max(rows) + 1, min(columns), max(columns) + 1, 0))


def _cell(place: tuple[int, int], value: str | float | list[int]) -> bytes:
    if isinstance(value, str):
        return _record(0x0204, struct.pack("<HHHHB", *place, 0, len(value), 1) + value.encode("utf-16-le"))
    if isinstance(value, list):
        numbers = b"".join(struct.pack("<Hi", 0, number << 2 | 2) for number in value)
        return _record(0xBD, struct.pack("<HH", *place) + numbers + struct.pack("<H", place[1] + len(value) - 1))
    return _record(0x0203, struct.pack("<HHHd", *place, 0, value))


def _container(name: str, stream: bytes) -> bytes:
    stream = stream.ljust(SMALLEST, b"\0")
    stream += b"\0" * (-len(stream) % SECTOR)
    count = len(stream) // SECTOR
    table = [*range(1, count), END, END, TABLE]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, count, 0, CUTOFF_OF_SMALL_STREAMS, END, 0, END, 0) + struct.pack("<109I", count + 1, *[FREE] * 108)
    entries = _entry("Root Entry", 5, child=1, start=END, size=0) + _entry(name, 2, child=FREE, start=0, size=len(stream))
    return head + stream + entries.ljust(SECTOR, b"\0") + struct.pack("<128I", *table, *[FREE] * (128 - len(table)))


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    written = name.encode("utf-16-le")
    return written.ljust(64, b"\0") + struct.pack("<HBBIII36xIQ", len(written) + 2, kind, 1, FREE, FREE, child, start, size)
