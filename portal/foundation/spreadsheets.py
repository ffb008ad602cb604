"""Tables as files: XLSX and CSV, where no cell can become a formula (S37)."""

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice, zip_longest
from typing import IO, Any
from unicodedata import east_asian_width
from urllib.parse import quote

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets in China read CSV as GBK
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
LONGEST_CELL = 32_767
LONGEST_TITLE = 31
MOST_ROWS = 1_048_575
MEASURED_ROWS = 200
WIDEST_COLUMN = 60

Row = Sequence[Any]


def defuse(text: str) -> str:
    """The text as it may stand in a cell: a quotation mark in front of what a spreadsheet would compute, no control characters."""
    clean = CONTROLS.sub("", text)[: LONGEST_CELL - 1]
    is_formula = any(start.lstrip(" \u3000\ufeff").startswith(FORMULA_STARTS) for start in (text, clean))
    return f"'{clean}" if is_formula and not NUMBER.fullmatch(clean) else clean


def write_csv(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """The file, piece by piece: UTF-8 with a byte order mark, CRLF."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BYTE_ORDER_MARK)
    writer.writerow([defuse(str(heading)) for heading in headings])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        if buffer.tell() > 32_768:
            yield _taken(buffer)
    yield _taken(buffer)


def write_xlsx(target: IO[bytes], title: str, headings: Sequence[str], rows: Iterable[Row], *, widths: Sequence[int] = ()) -> int:
    """Write one sheet without holding it in memory; return how many rows. Texts are texts, never formulas. Columns are as wide as their first rows need."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:LONGEST_TITLE] or "1")
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0  # as wide as a sheet of paper, as long as it takes
    rows = iter(rows)
    first = list(islice(rows, MEASURED_ROWS))
    for index, width in enumerate(widths or _widths([headings, *first]), start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_heading(sheet, str(heading)) for heading in headings])
    count = 0
    for row in chain(first, rows):
        if count == MOST_ROWS:
            break
        sheet.append([_xlsx_cell(sheet, value) for value in row])
        count += 1
    book.save(target)
    return count


def csv_response(file_name: str, headings: Sequence[str], rows: Iterable[Row]) -> HttpResponseBase:
    """A download that streams; `file_name` has no ending."""
    response = StreamingHttpResponse(write_csv(headings, rows), content_type=CSV_TYPE)
    response["Content-Disposition"] = _disposition(f"{file_name}.csv")
    return response


def xlsx_response(file_name: str, title: str, headings: Sequence[str], rows: Iterable[Row], *, widths: Sequence[int] = ()) -> HttpResponseBase:
    """A download of one sheet, kept on disk while it is made; `file_name` has no ending."""
    target = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    write_xlsx(target, title, headings, rows, widths=widths)
    target.seek(0)
    response = FileResponse(target, content_type=XLSX_TYPE)
    response["Content-Disposition"] = _disposition(f"{file_name}.xlsx")
    return response


def table_response(kind: str, file_name: str, title: str, headings: Sequence[str], rows: Iterable[Row]) -> HttpResponseBase:
    """XLSX, or CSV when `kind` is "csv"."""
    return csv_response(file_name, headings, rows) if kind == "csv" else xlsx_response(file_name, title, headings, rows)


def _widths(rows: Sequence[Row]) -> list[int]:
    """In digits, of which a Chinese character takes two; a column that is too narrow shows ### where a time stands."""
    return [min(max(map(_cell_width, column)) + 2, WIDEST_COLUMN) for column in zip_longest(*rows)]


def _cell_width(value: Any) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in _csv_cell(value)[:WIDEST_COLUMN])


def _disposition(file_name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(file_name)}"


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _csv_cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool() | int() | float() | Decimal():
            return str(value)
        case datetime():
            return f"{_local(value):%Y-%m-%d %H:%M:%S}"
        case date():
            return value.isoformat()
    return defuse(str(value))


def _xlsx_cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return _local(value).replace(tzinfo=None)
    if isinstance(value, date):
        return value
    return _text(sheet, defuse(str(value)))


def _text(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _heading(sheet: Any, text: str) -> WriteOnlyCell:
    cell = _text(sheet, defuse(text))
    cell.font = Font(bold=True)
    return cell


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value
