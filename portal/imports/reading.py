"""From a file to rows of cells: XLSX, XLS, ODS, or text with commas, tabs or semicolons in UTF-8, GBK, GB18030 or UTF-16."""

import io
import json
import zipfile
import zlib
from typing import Any

from django.utils.translation import gettext as _

from portal.foundation.limited import LimitedError, run_limited
from portal.foundation.storable import storable, storable_json
from portal.imports.errors import ImportRefusedError
from portal.imports.limits import MEBIBYTE, MEMORY_BYTES, MOST_ANSWER_BYTES, MOST_BYTES, MOST_COLUMNS, MOST_MEMBERS, MOST_ROWS, MOST_UNPACKED_BYTES, SECONDS
from portal.imports.tables import Table, is_blank
from portal.imports.text_tables import read_text_table

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
PIECE = 64 * 1024


def read_table(content: bytes) -> Table:
    """The rows of a file, told by its content and not by its name. Raises ImportRefusedError with what is wrong with it."""
    if len(content) > MOST_BYTES:
        raise ImportRefusedError(_("The file is larger than %(size)s MB.") % {"size": MOST_BYTES // MEBIBYTE})
    if content.startswith(ZIP):
        _refuse_bomb(content)
        table = _read_workbook(content)
    elif content.startswith(OLE):
        table = _read_workbook(content)
    else:
        table = read_text_table(content)
    if all(is_blank(cell) for row in table.rows for cell in row):
        raise ImportRefusedError(_("The file is empty."))
    return table


def _refuse_bomb(content: bytes) -> None:
    """Unpack every member without keeping it: what a member says about its size is not believed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise ImportRefusedError(_("The file is damaged, or is no workbook.")) from error
    if len(members) > MOST_MEMBERS:
        raise ImportRefusedError(_("The file unpacks to far more than a table needs."))
    total = 0
    for member in members:
        if member.compress_type == zipfile.ZIP_STORED:
            total += member.compress_size
        elif member.compress_type == zipfile.ZIP_DEFLATED:
            total += _unpacked_size(content, member, MOST_UNPACKED_BYTES - total)
        else:
            raise ImportRefusedError(_("The file is damaged, or is no workbook."))
        if total > MOST_UNPACKED_BYTES:
            raise ImportRefusedError(_("The file unpacks to far more than a table needs."))


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
        raise ImportRefusedError(_("The file is damaged, or is no workbook.")) from error
    return size


def _read_workbook(content: bytes) -> Table:
    try:
        told = run_limited(
            "portal.imports.extract:extract_workbook",
            content,
            memory_bytes=MEMORY_BYTES,
            cpu_seconds=SECONDS,
            wall_seconds=SECONDS,
            output_bytes=MOST_ANSWER_BYTES,
        )
        answer: dict[str, Any] = json.loads(told)
    except (LimitedError, ValueError):
        answer = {"fault": "large"}
    if "fault" in answer:
        raise ImportRefusedError(_sentence(answer))
    return Table(storable_json(answer["rows"]), storable(answer["sheet"]))


def _sentence(answer: dict[str, Any]) -> str:
    match answer["fault"]:
        case "password":
            return _("The file is protected by a password. Save it without one.")
        case "empty":
            return _("The file is empty.")
        case "rows":
            return _("The sheet “%(sheet)s” says something down to row %(row)s. At most %(count)s rows are read: delete what stands below the table.") % {
                "sheet": answer["sheet"],
                "row": answer["row"],
                "count": MOST_ROWS,
            }
        case "columns":
            return _("Row %(row)s of the sheet “%(sheet)s” reaches to column %(columns)s. At most %(count)s columns are read.") % (
                answer | {"count": MOST_COLUMNS}
            )
        case "large":
            return _("The file takes more memory or time than a table needs. Copy the table into a new workbook.")
    return _("The file is damaged, or is no workbook.")
