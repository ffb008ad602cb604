"""From a file to rows of cells: XLSX, XLS, ODS, or text with commas, tabs or semicolons in UTF-8, GBK, GB18030 or UTF-16."""

import csv
import io
import json
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

from portal.foundation.storable import storable, storable_json
from portal.organization.roster.errors import RosterError
from portal.organization.roster.limits import MEBIBYTE, MOST_BYTES, MOST_CELL_LENGTH, MOST_COLUMNS, MOST_MEMBERS, MOST_ROWS, MOST_UNPACKED_BYTES, SECONDS

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
SEPARATORS = ",\t;，；|"
PIECE = 64 * 1024
ROOT = Path(__file__).resolve().parents[3]

Row = list[Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of plain cells, and how they were read: the sheet's name, or the encoding of a text."""

    rows: list[Row]
    source: str


def read_table(content: bytes) -> Table:
    """The rows of a file, told by its content and not by its name. Raises RosterError with what is wrong with it."""
    if len(content) > MOST_BYTES:
        raise RosterError(_("The file is larger than %(size)s MB.") % {"size": MOST_BYTES // MEBIBYTE})
    if content.startswith(ZIP):
        _refuse_bomb(content)
        table = _read_workbook(content)
    elif content.startswith(OLE):
        table = _read_workbook(content)
    else:
        table = _read_text(content)
    if not any(str(cell).strip() for row in table.rows for cell in row if cell is not None):
        raise RosterError(_("The file is empty."))
    return table


def _refuse_bomb(content: bytes) -> None:
    """Unpack every member without keeping it: what a member says about its size is not believed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise RosterError(_("The file is damaged, or is no workbook.")) from error
    if len(members) > MOST_MEMBERS:
        raise RosterError(_("The file unpacks to far more than a roster needs."))
    total = 0
    for member in members:
        if member.compress_type == zipfile.ZIP_STORED:
            total += member.compress_size
        elif member.compress_type == zipfile.ZIP_DEFLATED:
            total += _unpacked_size(content, member, MOST_UNPACKED_BYTES - total)
        else:
            raise RosterError(_("The file is damaged, or is no workbook."))
        if total > MOST_UNPACKED_BYTES:
            raise RosterError(_("The file unpacks to far more than a roster needs."))


def _unpacked_size(content: bytes, member: zipfile.ZipInfo, most: int) -> int:
    """The size of one deflated member, counted no further than a little past `most`."""
    header = member.header_offset
    start = header + 30 + int.from_bytes(content[header + 26 : header + 28], "little") + int.from_bytes(content[header + 28 : header + 30], "little")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    size = 0
    try:
        for position in range(start, min(start + member.compress_size, len(content)), PIECE):
            waiting = content[position : min(position + PIECE, start + member.compress_size)]
            while waiting and size <= most:
                size += len(inflater.decompress(waiting, MEBIBYTE))
                waiting = inflater.unconsumed_tail
            if inflater.eof or size > most:
                break
    except zlib.error as error:
        raise RosterError(_("The file is damaged, or is no workbook.")) from error
    return size


def _read_workbook(content: bytes) -> Table:
    command = [sys.executable, "-m", "portal.organization.roster.extract"]
    try:
        process = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False, cwd=ROOT)
        answer: dict[str, Any] = json.loads(process.stdout) if process.returncode == 0 else {"fault": "large"}
    except (subprocess.TimeoutExpired, ValueError):
        answer = {"fault": "large"}
    if "fault" in answer:
        raise RosterError(_sentence(answer["fault"]))
    return Table(storable_json(answer["rows"]), storable(answer["sheet"]))


def _sentence(fault: str) -> str:
    return {
        "password": _("The file is protected by a password. Save it without one."),
        "empty": _("The file is empty."),
        "rows": _("The file has more than %(count)s rows.") % {"count": MOST_ROWS},
        "columns": _("The file has more than %(count)s columns.") % {"count": MOST_COLUMNS},
        "large": _("The file takes more memory or time than a roster needs."),
    }.get(fault, _("The file is damaged, or is no workbook."))


def _read_text(content: bytes) -> Table:
    text, encoding = _decode(content)
    separator = _separator(text)
    rows: list[Row] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            if len(rows) >= MOST_ROWS:
                raise RosterError(_sentence("rows"))
            if len(row) > MOST_COLUMNS:
                raise RosterError(_sentence("columns"))
            rows.append([storable(cell[:MOST_CELL_LENGTH]) for cell in row])
    except csv.Error as error:
        raise RosterError(_("The file is neither a workbook nor a table of text.")) from error
    return Table(rows, encoding)


def _decode(content: bytes) -> tuple[str, str]:
    """UTF-16 tells itself by its mark; what is no valid UTF-8 is GB18030, of which GBK is a part; the rest is guessed."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content[:4096]:
        raise RosterError(_("The file is neither a workbook nor a table of text."))
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding), "GB18030" if encoding == "gb18030" else encoding.upper().removesuffix("-SIG")
        except UnicodeDecodeError:
            continue
    guess = from_bytes(content).best()
    if guess is None:
        raise RosterError(_("The file is neither a workbook nor a table of text."))
    return str(guess), guess.encoding.upper()


def _separator(text: str) -> str:
    lines = [line for line in text.splitlines()[:60] if line.strip()][:20]
    return max(SEPARATORS, key=lambda separator: sum(min(line.count(separator), 30) for line in lines)) if lines else ","
