"""Reads a workbook from standard input and writes its rows as JSON; run by `reading` in a process with little memory and time.

A workbook may claim a cell in its last row and column, which takes hundreds of gigabytes to hold: then this process dies, and no other.
Cells are strings, numbers, booleans or null; a date is {"date": "2026-11-23"}. Cells merged downwards are filled.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from portal.organization.roster.limits import MEMORY_BYTES, MOST_CELL_LENGTH, MOST_COLUMNS, MOST_ROWS, SECONDS


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        answer = extract(sys.stdin.buffer.read())
    except PasswordError:
        answer = {"fault": "password"}
    except (CalamineError, ValueError, OSError):
        answer = {"fault": "broken"}
    json.dump(answer, sys.stdout)
    return 0


def extract(content: bytes) -> dict[str, Any]:
    """The sheet with the most rows, as {"sheet", "rows"} or {"fault"}."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [workbook.get_sheet_by_index(index) for index in range(len(workbook.sheet_names))]
    if not sheets:
        return {"fault": "empty"}
    sheet = max(sheets, key=lambda candidate: candidate.height)
    if sheet.total_height > MOST_ROWS:
        return {"fault": "rows"}
    if sheet.total_width > MOST_COLUMNS:
        return {"fault": "columns"}
    rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        for number in range(top + 1, min(bottom + 1, len(rows))):
            if left < len(rows[number]) and rows[number][left] in ("", None):
                rows[number][left] = rows[top][left]
    return {"sheet": sheet.name, "rows": rows}


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return {"date": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time | timedelta):
        return str(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell[:MOST_CELL_LENGTH] if isinstance(cell, str) else cell


if __name__ == "__main__":
    sys.exit(main())
