"""Text of RTF, and of the old Excel; other old Office files go through LibreOffice."""

import os
from collections.abc import Iterator
from typing import IO

from python_calamine import CalamineWorkbook
from striprtf.striprtf import rtf_to_text

PAGE = 20_000


def rtf(content: bytes) -> str:
    return str(rtf_to_text(content.decode("latin-1"), errors="ignore"))


def sheets(file: IO[bytes]) -> Iterator[str]:
    with os.fdopen(os.dup(file.fileno()), "rb") as again, CalamineWorkbook.from_filelike(again) as workbook:
        for name in workbook.sheet_names:
            lines: list[str] = [name]
            length = 0
            for row in workbook.get_sheet_by_name(name).to_python():
                lines.append("\t".join(str(cell) for cell in row))
                length += len(lines[-1])
                if length >= PAGE:
                    yield "\n".join(lines)
                    lines, length = [], 0
            yield "\n".join(lines)
