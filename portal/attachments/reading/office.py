"""Text of Office Open XML, OpenDocument and OFD (GB/T 33190), part by part. Entities are refused, and so is what unpacks to too much."""

import re
from collections.abc import Callable, Iterator
from typing import IO
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from defusedxml.ElementTree import iterparse

MOST_UNPACKED = 256 * 2**20
MOST_PARTS = 20_000
PAGE = 20_000
LINES = {"p", "h", "tr", "row", "table-row", "TextObject"}
WORDS = {"t", "TextCode"}
GAPS = {"tab", "tc", "table-cell", "c", "br", "s", "line-break"}


class Bounded:
    """A part of the archive that may be read up to what is left of the whole."""

    def __init__(self, file: IO[bytes], budget: list[int]) -> None:
        self.file, self.budget = file, budget

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(min(size, 65536) if size >= 0 else 65536)
        self.budget[0] -= len(piece)
        if self.budget[0] < 0:
            raise ValueError("unpacks to too much")
        return piece


def texts(file: IO[bytes], media_type: str) -> Iterator[str]:
    with ZipFile(file) as archive:
        names = archive.namelist()
        if len(names) > MOST_PARTS:
            raise ValueError("too many parts")
        if sum(part.file_size for part in archive.infolist() if part.filename.endswith(".xml")) > MOST_UNPACKED:
            raise ValueError("unpacks to too much")
        yield from READERS[media_type](archive, names, [MOST_UNPACKED])


def _elements(archive: ZipFile, name: str, budget: list[int]) -> Iterator[tuple[str, str, Element]]:
    """Starts and ends of elements by local name; what was read is let go of."""
    with archive.open(name) as part:
        path: list[Element] = []
        for event, element in iterparse(Bounded(part, budget), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                path.append(element)
                if len(path) > 2000:
                    raise ValueError("nested too deeply")
            else:
                path.pop()
            yield event, element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "", element
            if event == "end" and path:
                path[-1].remove(element)


def _words(archive: ZipFile, name: str, budget: list[int], *, every_text: bool) -> Iterator[str]:
    """The text of one part in pieces; `every_text` where text stands in any element, else only in WORDS."""
    last: tuple[str, str, Element] | None = None
    for event, tag, element in _elements(archive, name, budget):
        if last is not None:  # what stands between two tags is known at the second
            piece = last[2].text if last[0] == "start" else last[2].tail if every_text else None
            if piece and (every_text or last[1] in WORDS):
                yield piece
        if event == "end" and tag in LINES:
            yield "\n"
        elif event == "end" and tag in GAPS:
            yield "\t"
        last = event, tag, element


def _paged(pieces: Iterator[str]) -> Iterator[str]:
    page: list[str] = []
    length = 0
    for piece in pieces:
        page.append(piece)
        length += len(piece)
        if length >= PAGE:
            yield "".join(page)
            page, length = [], 0
    yield "".join(page)


def _document(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    parts = [name for name in names if re.fullmatch(r"word/(document|footnotes|endnotes|header\d*|footer\d*|comments)\d*\.xml", name)]
    parts.sort(key=lambda name: (not name.startswith("word/document"), name))
    return _paged(piece for name in parts for piece in _words(archive, name, budget, every_text=False))


def _slides(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    found = [(int(match[1]), name) for name in names if (match := re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name))]
    for _number, name in sorted(found):
        yield "".join(_words(archive, name, budget, every_text=False))


def _sheets(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    shared = list(_shared_strings(archive, budget)) if "xl/sharedStrings.xml" in names else []
    found = [(int(match[1]), name) for name in names if (match := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name))]
    for _number, name in sorted(found):
        yield from _paged(_cells(archive, name, shared, budget))


def _shared_strings(archive: ZipFile, budget: list[int]) -> Iterator[str]:
    text: list[str] = []
    for event, tag, element in _elements(archive, "xl/sharedStrings.xml", budget):
        if event == "end" and tag == "t":
            text.append(element.text or "")
        elif event == "end" and tag == "si":
            yield "".join(text)
            text = []


def _cells(archive: ZipFile, name: str, shared: list[str], budget: list[int]) -> Iterator[str]:
    kind = ""
    for event, tag, element in _elements(archive, name, budget):
        if event == "start" and tag == "c":
            kind = element.get("t", "")
        elif event == "end" and tag in ("v", "t") and element.text:
            yield shared[int(element.text)] if kind == "s" and tag == "v" else element.text
            yield "\t"
        elif event == "end" and tag == "row":
            yield "\n"


def _open_document(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    return _paged(_words(archive, "content.xml", budget, every_text=True))


def _ofd(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    found = [(int(match[1]), int(match[2]), name) for name in names if (match := re.fullmatch(r"Doc_(\d+)/Pages/Page_(\d+)/Content\.xml", name))]
    for _document, _page, name in sorted(found):
        yield "".join(_words(archive, name, budget, every_text=False))


Reader = Callable[[ZipFile, list[str], list[int]], Iterator[str]]
READERS: dict[str, Reader] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _document,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": _sheets,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": _slides,
    "application/vnd.oasis.opendocument.text": _open_document,
    "application/vnd.oasis.opendocument.spreadsheet": _open_document,
    "application/vnd.oasis.opendocument.presentation": _open_document,
    "application/ofd": _ofd,
}
