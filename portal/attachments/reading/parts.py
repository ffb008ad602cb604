"""The parts of an archive of XML, one element after the other. Entities are refused, and so is what unpacks to too much."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from posixpath import join, normpath
from typing import IO, NamedTuple
from xml.etree.ElementTree import Element
from zipfile import ZIP_STORED, ZipFile

from defusedxml.ElementTree import iterparse

PAGE = 20_000
DEEPEST = 2000
MOST_UNPACKED = 256 * 2**20
MOST_CELLS = 4_000_000  # that a reader lays out of one sheet
PART_LOST = 0  # in the place of the number of a page: a part of the file could not be read


class Protected(Exception):  # noqa: N818  # its name is what the portal is told of it
    """The content is there, behind a password."""


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


class Mark(NamedTuple):
    """A tag: its local name, its element, and the text that stands directly before it: in `text_of`, or behind that element's end where `is_tail`."""

    is_start: bool
    tag: str
    element: Element
    text: str = ""
    text_of: str = ""
    is_tail: bool = False


def elements(archive: ZipFile, name: str, budget: list[int]) -> Iterator[tuple[bool, str, Element]]:
    """Starts (True) and ends of elements by local name; what was read is let go of."""
    with archive.open(name) as part:
        path: list[Element] = []
        for event, element in iterparse(Bounded(part, budget), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                path.append(element)
                if len(path) > DEEPEST:
                    raise ValueError("nested too deeply")
            else:
                path.pop()
            yield event == "start", element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "", element
            if event == "end" and path:
                path[-1].remove(element)


def marks(archive: ZipFile, name: str, budget: list[int]) -> Iterator[Mark]:
    """The same with the texts between them, each known at the tag that follows it."""
    last: tuple[bool, str, Element] | None = None
    for found in elements(archive, name, budget):
        if last is None:
            yield Mark(*found)
        else:
            was_start, tag, element = last
            yield Mark(*found, (element.text if was_start else element.tail) or "", tag, not was_start)
        last = found


def attribute(element: Element, name: str) -> str:
    """By its local name, whatever its space of names is called."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def related(archive: ZipFile, name: str, budget: list[int]) -> dict[str, tuple[str, str]]:
    """What a part is related to: by key, the kind of relation and the name of the other part."""
    folder, _slash, file_name = name.rpartition("/")
    try:
        found = [element for is_start, tag, element in elements(archive, f"{folder}/_rels/{file_name}.rels", budget) if is_start and tag == "Relationship"]
    except KeyError:
        return {}
    return {
        attribute(element, "Id"): (attribute(element, "Type").rpartition("/")[2], normpath(join("/", folder, attribute(element, "Target")))[1:])
        for element in found
    }


def packed(parts: Iterable[tuple[str, bytes]]) -> IO[bytes]:
    """An archive of these, each under its name."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    made.seek(0)
    return made


def paged(pieces: Iterator[str]) -> Iterator[str]:
    page: list[str] = []
    length = 0
    for piece in pieces:
        page.append(piece)
        length += len(piece)
        if length >= PAGE:
            yield "".join(page)
            page, length = [], 0
    yield "".join(page)
