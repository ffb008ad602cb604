"""Tables as text: which encoding, which separator, and quotation marks that nobody closed."""

import csv
import io

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from portal.foundation.storable import storable
from portal.imports.errors import ImportRefusedError
from portal.imports.limits import MOST_CELL_LENGTH, MOST_COLUMNS, MOST_ROWS
from portal.imports.tables import Row, Table, is_blank_row

SEPARATORS = ",\t;，；|"


def read_text_table(content: bytes) -> Table:
    """Rows of a text. Raises ImportRefusedError with the row where it cannot be read."""
    text, encoding = _decode(content)
    separator = _separator(text)
    rows: list[Row] = []
    lines = list(io.StringIO(text, newline=""))
    waiting = begins = 0  # blank rows are kept only where something follows
    reader = csv.reader(lines, delimiter=separator)
    try:
        for row in reader:
            begun, begins = begins, reader.line_num
            if is_blank_row(row):
                waiting += 1
                continue
            number = len(rows) + waiting + 1
            if number > MOST_ROWS:
                raise ImportRefusedError(_("The file has more than %(count)s rows.") % {"count": MOST_ROWS})
            if len(row) > MOST_COLUMNS:
                words = {"row": number, "columns": len(row), "count": MOST_COLUMNS}
                raise ImportRefusedError(_("Row %(row)s has %(columns)s columns. At most %(count)s are read.") % words)
            if (begins - begun > 1 or begins == len(lines)) and not _is_well_quoted(lines[begun:begins], separator):
                raise _unclosed(number)
            rows.extend([] for _number in range(waiting))
            waiting = 0
            rows.append([storable(cell[: MOST_CELL_LENGTH + 1]) for cell in row])
    except csv.Error as error:
        raise _unclosed(len(rows) + waiting + 1) from error
    return Table(rows, encoding)


def _is_well_quoted(lines: list[str], separator: str) -> bool:
    """Whether the quotation marks of a row are closed where a cell ends, and not in the midst of another row that it swallowed."""
    try:
        list(csv.reader(io.StringIO("".join(lines), newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        return len(lines) == 1 and "unexpected end" not in str(error)
    return True


def _unclosed(number: int) -> ImportRefusedError:
    return ImportRefusedError(
        _('In row %(row)s a quotation mark (") is opened and not closed. Close it or take it out, and upload the file again.') % {"row": number}
    )


def _decode(content: bytes) -> tuple[str, str]:
    """UTF-16 tells itself by its mark; what is no valid UTF-8 is GB18030, of which GBK is a part; the rest is guessed."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content[:4096]:
        raise ImportRefusedError(_("The file is neither a workbook nor a table of text."))
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding), "GB18030" if encoding == "gb18030" else encoding.upper().removesuffix("-SIG")
        except UnicodeDecodeError:
            continue
    guess = from_bytes(content).best()
    if guess is None:
        raise ImportRefusedError(_("The file is neither a workbook nor a table of text."))
    return str(guess), guess.encoding.upper()


def _separator(text: str) -> str:
    lines = [line for line in text.splitlines()[:60] if line.strip()][:20]
    return max(SEPARATORS, key=lambda separator: sum(min(line.count(separator), 30) for line in lines)) if lines else ","
