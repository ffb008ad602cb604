"""A workbook (.xlsx) of which a part is broken or missing, made into one that is whole, so that the rest of it is read.

A part that breaks off ends after the last element that is whole; texts of cells that are not there are empty; pictures and drawings are left out.
"""

import re
import zlib
from typing import IO
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from portal.attachments.reading.parts import MOST_UNPACKED, packed, related

WORKBOOK, STRINGS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
NEEDED = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:workbook|sharedStrings|styles)\.xml|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml")
SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
EMPTY = {STRINGS: b"<sst %s></sst>" % SPACE, STYLES: b"<styleSheet %s></styleSheet>" % SPACE}
EMPTY_SHEET = b"<worksheet %s><sheetData></sheetData></worksheet>" % SPACE
TEXT_OF_A_CELL = re.compile(rb'\bt="s"[^>]*>\s*<(?:\w+:)?v>([0-9]{1,6})<')
ONE_TEXT = re.compile(rb"<(?:\w+:)?si[\s/>]")
END_OF_TEXTS = re.compile(rb"</(?:\w+:)?sst>\s*$|/>\s*$")
BROKEN = (BadZipFile, NotImplementedError, EOFError, zlib.error)  # what a part in a ZIP says that cannot be unpacked
PIECE = 2**16


def lacks_a_part(archive: ZipFile) -> bool:
    """Whether the workbook names a sheet, its texts or its styles, and does not bring them along."""
    names = set(archive.namelist())
    try:
        named = related(archive, WORKBOOK, [MOST_UNPACKED]).values()
    except (ParseError, *BROKEN):
        return True
    return any(part not in names for kind, part in named if kind in ("worksheet", "sharedStrings", "styles"))


def mended(file: IO[bytes]) -> IO[bytes]:
    """The workbook as far as it can be read."""
    file.seek(0)
    budget = [MOST_UNPACKED]
    with ZipFile(file) as archive:
        parts = {name: _whole(name, _content(archive, name, budget)) for name in archive.namelist() if NEEDED.fullmatch(name)}
    parts[STRINGS] = _with_all_texts(parts)
    return packed(parts.items())


def _content(archive: ZipFile, name: str, budget: list[int]) -> bytes:
    """What can be unpacked of a part."""
    content = bytearray()
    try:
        with archive.open(name) as part:
            while piece := part.read(PIECE):
                content += piece
                budget[0] -= len(piece)
                if budget[0] < 0:
                    raise ValueError("unpacks to too much")
    except BROKEN:
        pass
    return bytes(content)


def _whole(name: str, content: bytes) -> bytes:
    if _is_whole(content):
        return content
    cut = _Cut(content).content
    return cut if _is_whole(cut) else EMPTY.get(name, EMPTY_SHEET)


def _is_whole(content: bytes) -> bool:
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except ExpatError:
        return False
    return True


def _refuse(*_declared: object) -> None:
    raise ValueError("a part declares a type of document")


class _Cut:
    """What stands before the place where XML breaks off, with what is open there closed."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.open: list[str] = []
        self.open_there: list[str] = []
        self.ended_at = 0
        self.parser = ParserCreate()
        self.parser.StartDoctypeDeclHandler = _refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        try:
            self.parser.Parse(content, True)
        except ExpatError:
            end = content.find(b">", self.ended_at) + 1
            self.content = content[:end] + b"".join(f"</{name}>".encode() for name in reversed(self.open_there)) if self.open_there else b""

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.open.append(name)

    def _end(self, _name: str) -> None:
        self.open.pop()
        self.ended_at, self.open_there = self.parser.CurrentByteIndex, self.open.copy()


def _with_all_texts(parts: dict[str, bytes]) -> bytes:
    """The texts of the cells, and an empty one for each that a cell names beyond them."""
    texts = parts.get(STRINGS, EMPTY[STRINGS])
    named = [int(number) for name, content in parts.items() if name.startswith("xl/worksheets/") for number in TEXT_OF_A_CELL.findall(content)]
    missing = max(named, default=-1) + 1 - len(ONE_TEXT.findall(texts))
    if missing <= 0:
        return texts
    end = END_OF_TEXTS.search(texts)
    if end is None or end[0].startswith(b"/>"):
        texts = EMPTY[STRINGS]
        end = END_OF_TEXTS.search(texts)
    assert end is not None
    prefix = end[0].partition(b"sst>")[0].removeprefix(b"</")
    return texts[: end.start()] + b"<%ssi><%st></%st></%ssi>" % ((prefix,) * 4) * missing + end[0]
