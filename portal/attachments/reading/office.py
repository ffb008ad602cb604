"""Text of documents and slides in Office Open XML, OpenDocument and OFD (GB/T 33190), part by part."""

import re
from collections.abc import Callable, Iterator
from typing import IO
from zipfile import ZipFile

from portal.attachments.reading.numbering import NumberedParagraphs, Numbering
from portal.attachments.reading.parts import MOST_UNPACKED, Protected, attribute, elements, marks, paged, related

MOST_PARTS = 20_000
WORDS = {"t", "TextCode"}
CELLS = {"tc", "table-cell"}
# What ends with a new line, a new column, a space; in the cell of a table always a space, so that a row stands in one line.
SEPARATORS = {
    **dict.fromkeys(("p", "h", "tr", "table-row", "br", "line-break", "TextObject"), "\n"),
    **dict.fromkeys(("tc", "table-cell", "tab"), "\t"),
    "s": " ",
}
# What was deleted or moved away and is still in the file, and what stands there a second time for older programs.
NOT_SHOWN = {"tracked-changes", "Fallback", "moveFrom"}


def texts(file: IO[bytes], media_type: str) -> Iterator[str]:
    with ZipFile(file) as archive:
        names = archive.namelist()
        if len(names) > MOST_PARTS:
            raise ValueError("too many parts")
        if sum(part.file_size for part in archive.infolist() if part.filename.endswith(".xml")) > MOST_UNPACKED:
            raise ValueError("unpacks to too much")
        yield from READERS[media_type](archive, names, [MOST_UNPACKED])


def _words(archive: ZipFile, name: str, budget: list[int], *, every_text: bool, numbered: NumberedParagraphs | None = None) -> Iterator[str]:
    """The text of one part in pieces; `every_text` where text stands in any element, else only in WORDS. The cells of a row stand in one line.

    `numbered` says the numbers of its paragraphs.
    """
    cells = hidden = 0
    for mark in marks(archive, name, budget):
        if mark.text and not hidden and (every_text or (mark.text_of in WORDS and not mark.is_tail)):
            yield mark.text
        if numbered and not hidden and (label := numbered.pass_tag(mark.tag, mark.element, is_start=mark.is_start)):
            yield label.replace("\t", " ") if cells else label
        change = 1 if mark.is_start else -1
        cells += change if mark.tag in CELLS else 0
        hidden += change if mark.tag in NOT_SHOWN else 0
        is_tab_stop = mark.tag == "tab" and attribute(mark.element, "val")
        if not mark.is_start and not hidden and not is_tab_stop and mark.tag in SEPARATORS:
            yield " " if cells else SEPARATORS[mark.tag]


def _document(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    parts = [name for name in names if re.fullmatch(r"word/(document|footnotes|endnotes|header\d*|footer\d*|comments)\d*\.xml", name)]
    parts.sort(key=lambda name: (not name.startswith("word/document"), name))
    numbering = Numbering.of(archive, names, budget)
    numbered = {name: NumberedParagraphs(numbering) for name in parts} if numbering.lists else {}
    return paged(piece for name in parts for piece in _words(archive, name, budget, every_text=False, numbered=numbered.get(name)))


def _slides(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    """In the order of the show, each with its notes; what the show does not name comes after it, by the names of the parts."""
    found = sorted((int(match[1]), name) for name in names if (match := re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name)))
    parts = related(archive, "ppt/presentation.xml", budget)
    shown = [parts[key][1] for key in _show(archive, budget) if key in parts] if parts else []
    for name in dict.fromkeys([*(name for name in shown if name in names), *(name for _number, name in found)]):
        notes = [part for kind, part in related(archive, name, budget).values() if kind == "notesSlide" and part in names]
        yield "".join(piece for part in (name, *notes) for piece in _words(archive, part, budget, every_text=False))


def _show(archive: ZipFile, budget: list[int]) -> list[str]:
    """The keys of the slides' relations, in their order."""
    listed = (element for is_start, tag, element in elements(archive, "ppt/presentation.xml", budget) if is_start and tag == "sldId")
    return [value for element in listed for key, value in element.attrib.items() if key.endswith("}id")]


def _open_document(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    if "META-INF/manifest.xml" in names and any(tag == "encryption-data" for _is_start, tag, _element in elements(archive, "META-INF/manifest.xml", budget)):
        raise Protected("an encrypted document")
    return paged(_words(archive, "content.xml", budget, every_text=True))


def _ofd(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    found = [(int(match[1]), int(match[2]), name) for name in names if (match := re.fullmatch(r"Doc_(\d+)/Pages/Page_(\d+)/Content\.xml", name))]
    for _document, _page, name in sorted(found):
        yield "".join(_words(archive, name, budget, every_text=False))


Reader = Callable[[ZipFile, list[str], list[int]], Iterator[str]]
READERS: dict[str, Reader] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": _document,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": _slides,
    "application/vnd.oasis.opendocument.text": _open_document,
    "application/vnd.oasis.opendocument.presentation": _open_document,
    "application/ofd": _ofd,
}
