"""Spreadsheets as they look: a line for each row, a tab between two columns, empty ones too; days as days, and the sheets in their order with their names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from posixpath import join, normpath
from zipfile import ZipFile

from portal.attachments.reading.parts import PAGE, attribute, elements, marks, paged

# What ECMA-376 (18.8.30) shows as a day or a time by itself; from 27 on in Chinese.
DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].')
LASTS = re.compile(r"\[[hms]+\]", re.IGNORECASE)
FIRST_DAY, FIRST_DAY_OF_MACINTOSH, LAST = datetime(1899, 12, 30), datetime(1904, 1, 1), 2_958_466
WIDEST = 256  # columns; farther to the right, empty ones are not counted


@dataclass(slots=True)
class Book:
    """What the cells of an XLSX refer to."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    days: set[str] = field(default_factory=set)
    first_day: datetime = FIRST_DAY


def office_xml(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    book = _book(archive, set(names), budget)
    for title, name in book.sheets:
        yield from paged(_titled(title, _rows(archive, name, book, budget)))


def open_document(archive: ZipFile, names: list[str], budget: list[int]) -> Iterator[str]:
    """A sheet begins a page of its own."""
    lines: list[str] = []
    length = 0
    for line in _open_rows(archive, budget):
        if line is None or length >= PAGE:
            yield "".join(lines)
            lines, length = [], 0
        lines.append(line or "")
        length += len(lines[-1])
    yield "".join(lines)


def _titled(title: str, rows: Iterator[str]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f"{title}\n{row}" if title and number == 0 else row


def _book(archive: ZipFile, names: set[str], budget: list[int]) -> Book:
    book = Book()
    if "xl/sharedStrings.xml" in names:
        book.strings = list(_shared_strings(archive, budget))
    if "xl/styles.xml" in names:
        book.days = set(_styles_of_days(archive, budget))
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        relations = elements(archive, "xl/_rels/workbook.xml.rels", budget)
        targets = {element.get("Id", ""): normpath(join("xl", element.get("Target", ""))).lstrip("/") for is_start, _tag, element in relations if is_start}
    if "xl/workbook.xml" in names:
        for is_start, tag, element in elements(archive, "xl/workbook.xml", budget):
            if is_start and tag == "workbookPr" and element.get("date1904") in ("1", "true"):
                book.first_day = FIRST_DAY_OF_MACINTOSH
            elif is_start and tag == "sheet":
                book.sheets.append((element.get("name", ""), targets.get(attribute(element, "id"), "")))
    book.sheets = [(title, name) for title, name in book.sheets if name in names]
    if not book.sheets:
        numbered = [(int(match[1]), name) for name in names if (match := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name))]
        book.sheets = [("", name) for _number, name in sorted(numbered)]
    return book


def _shared_strings(archive: ZipFile, budget: list[int]) -> Iterator[str]:
    """Without the sounds that stand above the signs."""
    text: list[str] = []
    is_sound = False
    for is_start, tag, element in elements(archive, "xl/sharedStrings.xml", budget):
        if tag == "rPh":
            is_sound = is_start
        elif not is_start and tag == "t" and not is_sound:
            text.append(element.text or "")
        elif not is_start and tag == "si":
            yield "".join(text)
            text = []


def _styles_of_days(archive: ZipFile, budget: list[int]) -> Iterator[str]:
    """The numbers of the styles that show a number as a day or a time."""
    own: dict[int, bool] = {}
    is_inside, number = False, 0
    for is_start, tag, element in elements(archive, "xl/styles.xml", budget):
        if tag == "cellXfs":
            is_inside = is_start
        elif is_start and tag == "numFmt":
            own[_whole(element.get("numFmtId", ""))] = _shows_day(element.get("formatCode", ""))
        elif is_start and tag == "xf" and is_inside:
            code = _whole(element.get("numFmtId", ""))
            if own.get(code, code in DAYS):
                yield str(number)
            number += 1


def _shows_day(code: str) -> bool:
    return not LASTS.search(code) and bool(re.search("[ymdhs]", NOT_SHOWN.sub("", code.partition(";")[0]).lower()))


def _rows(archive: ZipFile, name: str, book: Book, budget: list[int]) -> Iterator[str]:
    row: list[str] = []
    words: list[str] = []
    for is_start, tag, element in elements(archive, name, budget):
        if is_start and tag == "row":
            row = []
        elif is_start and tag == "c":
            words, kind, style, column = [], element.get("t", "n"), element.get("s", "0"), _column(element.get("r", ""))
        elif is_start:
            continue
        elif tag in ("v", "t") and element.text:
            words.append(_shown(element.text, kind if tag == "v" else "str", style, book))
        elif tag == "c" and words:
            row += [""] * (column - len(row) if column < WIDEST else 0)
            row.append(_one_line("".join(words)))
        elif tag == "row" and row:
            yield "\t".join(row) + "\n"


def _shown(value: str, kind: str, style: str, book: Book) -> str:
    if kind == "s":
        return book.strings[int(value)]
    if kind == "b":
        return "TRUE" if value == "1" else "FALSE"
    if kind != "n":
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if style in book.days and 0 <= number < LAST:
        return _moment(number, book.first_day)
    return value if value.lstrip("-").isdecimal() else f"{number:.15g}"


def _moment(number: float, first_day: datetime) -> str:
    moment = first_day + timedelta(seconds=round(number * 86_400))
    if number < 1:
        return f"{moment:%H:%M}"
    return f"{moment:%Y-%m-%d}" if number == int(number) else f"{moment:%Y-%m-%d %H:%M}"


def _column(reference: str) -> int:
    """The column of B7 is 1; where nothing is said, it is the next one."""
    number = 0
    for letter in reference.rstrip("0123456789")[:3]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _open_rows(archive: ZipFile, budget: list[int]) -> Iterator[str | None]:
    """Rows; None before each sheet."""
    row: list[str] = []
    words: list[str] = []
    is_cell = False
    for mark in marks(archive, "content.xml", budget):
        if is_cell:
            words.append(mark.text)
        if mark.tag in ("table-cell", "covered-table-cell"):
            is_cell = mark.is_start
            if mark.is_start:
                words = []
            else:
                times = min(_whole(attribute(mark.element, "number-columns-repeated")) or 1, max(WIDEST - len(row), 1))
                row += [_one_line("".join(words))] * times
        elif mark.tag in ("p", "s", "tab", "line-break") and not mark.is_start:
            words.append(" ")
        elif mark.tag == "table-row" and mark.is_start:
            row = []
        elif mark.tag == "table-row" and any(row):
            yield "\t".join(row).rstrip("\t") + "\n"
        elif mark.tag == "table" and mark.is_start:
            yield None
            yield f"{attribute(mark.element, 'name')}\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0
