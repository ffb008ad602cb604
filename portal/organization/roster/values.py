"""What a cell means. Blank is None and says nothing; what cannot be understood raises ValueError with a sentence."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from portal.foundation.names import clean_name

EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(7_000, 110_000)
YEARS = range(1930, 2101)
BLANKS = {"", "-", "--", "—", "——", "/", "\\", "无", "空", "n/a", "na", "none", "null", "至今", "长期", "现在", "今"}
MONTHS = {name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
LEVELS = {"公开": 0, "public": 0, "内部": 1, "internal": 1, "一般": 1, "秘密": 2, "confidential": 2, "机密": 3, "secret": 3, "绝密": 4, "topsecret": 4}
YES, NO = {"是", "y", "yes", "true", "1", "√", "✓", "负责人", "正职"}, {"否", "n", "no", "false", "0", "×"}

_NUMERIC_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})?\s*日?)?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDED_DATE = re.compile(r"(?:(\d{1,2})[\s-]+([a-z]{3})[a-z]*|([a-z]{3})[a-z]*[\s-]+(\d{1,2})),?[\s-]+(\d{4})", re.IGNORECASE)
_SHORT_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_DEFUSED = re.compile(r"'\s*[=+\-@]")  # as our own exports write what a spreadsheet would compute
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")


def read_text(cell: Any) -> str | None:
    """Full-width letters and digits folded, white space made single, marks that cannot be seen removed."""
    if isinstance(cell, dict):
        cell = cell.get("date", "")
    if isinstance(cell, bool):
        cell = str(cell)
    text = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", str(cell if cell is not None else ""))).split())
    if _DEFUSED.match(text):
        text = text[1:].strip()
    return None if text.lower() in BLANKS else text


def fold(text: str) -> str:
    """A stored name as it compares with what a roster says, whatever the width of its brackets."""
    return (read_text(text) or "").lower()


def read_name(cell: Any) -> str | None:
    """王 伟 -> 王伟."""
    text = read_text(cell)
    if text is None:
        return None
    name = clean_name(text)
    if len(name) > 60 or any(character.isdigit() for character in name):
        raise ValueError(_("“%(text)s” is no name.") % {"text": text[:60]})
    return name


def read_number(cell: Any) -> str | None:
    """An employee number in its stored form: １０００１ -> 10001, A-17 -> a-17."""
    text = read_text(cell)
    if text is None:
        return None
    number = text.replace(" ", "").lower().lstrip("'")
    number = re.sub(r"^(\d+)\.0+$", r"\1", number)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,31}", number):
        raise ValueError(_("An employee number has letters, digits, dots and dashes only."))
    return number


def read_phone(cell: Any) -> str | None:
    """Digits with what groups them: 139 1234 5678 and 139-1234-5678 are 13912345678; an extension keeps its dash."""
    text = read_text(cell)
    if text is None:
        return None
    phone = re.sub(r"[\s()]", "", text).replace("—", "-")
    phone = re.sub(r"^(\d+)\.0+$", r"\1", phone)
    if re.fullmatch(r"(\+?86-?)?1\d{2}-?\d{4}-?\d{4}", phone):
        phone = re.sub(r"\D", "", phone)[-11:]
    if not re.fullmatch(r"[+\d][\d\-/,转*#]{1,39}", phone):
        raise ValueError(_("“%(text)s” is no phone number.") % {"text": text[:40]})
    return phone


def read_email(cell: Any) -> str | None:
    text = read_text(cell)
    if text is None:
        return None
    if not re.fullmatch(r"[^\s@<>\"',;]+@[^\s@<>\"',;]+\.[^\s@<>\"',;]+", text) or len(text) > 254:
        raise ValueError(_("“%(text)s” is no address for mail.") % {"text": text[:60]})
    return text


def read_date(cell: Any) -> date | None:
    """A day in any of the styles that rosters have: 2026-11-23, 2026/11/23, 2026.11.23, 2026年11月23日, 20261123, 23-Nov-2026, a date cell.

    A month without a day is its first day. 3/4/2026 could be either, and is refused.
    """
    if isinstance(cell, dict):
        return _checked(date.fromisoformat(cell["date"]))
    if isinstance(cell, date):
        return _checked(date(cell.year, cell.month, cell.day))
    if isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in SERIALS:
        return _checked(EXCEL_EPOCH + timedelta(days=int(cell)))
    text = read_text(cell)
    if text is None:
        return None
    for pattern, read in ((_NUMERIC_DATE, _numeric), (_COMPACT_DATE, _numeric), (_WORDED_DATE, _worded), (_SHORT_DATE, _short)):
        match = pattern.fullmatch(text)
        if match:
            try:
                return _checked(read(match))
            except ValueError as error:
                raise ValueError(_("“%(text)s” is no day.") % {"text": text[:40]}) from error
    if re.fullmatch(r"\d{4,6}", text) and int(text) in SERIALS:
        return _checked(EXCEL_EPOCH + timedelta(days=int(text)))
    raise ValueError(_("“%(text)s” is no day.") % {"text": text[:40]})


def read_level(cell: Any) -> int | None:
    """0 to 4, or its name."""
    text = read_text(cell)
    if text is None:
        return None
    key = re.sub(r"[\s级]", "", text.lower())
    if key in LEVELS:
        return LEVELS[key]
    if key in ("0", "1", "2", "3", "4"):
        return int(key)
    raise ValueError(_("“%(text)s” is none of the levels.") % {"text": text[:40]})


def read_yes(cell: Any) -> bool | None:
    text = read_text(cell)
    if text is None:
        return None
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": text[:40]})


def short_reader(length: int) -> Callable[[Any], str | None]:
    """Reads text of at most so many characters."""

    def read_short(cell: Any) -> str | None:
        text = read_text(cell)
        if text is not None and len(text) > length:
            raise ValueError(_("This is longer than %(count)s characters.") % {"count": length})
        return text

    return read_short


def read_path(cell: Any) -> str | None:
    """A department: its name, its code, or names from the top down with slashes between them."""
    text = read_text(cell)
    if text is None:
        return None
    parts = [part for part in (piece.strip() for piece in re.split(r"[/\\>→]+", text)) if part]
    if not parts or any(len(part) > 80 for part in parts) or len(parts) > 10:
        raise ValueError(_("“%(text)s” is no department.") % {"text": text[:60]})
    return "/".join(parts)


READERS: dict[str, Callable[[Any], Any]] = {
    "employee_number": read_number,
    "name": read_name,
    "name_en": short_reader(80),
    "department": read_path,
    "department_code": short_reader(32),
    "parent_department": read_path,
    "position": short_reader(80),
    "level": read_level,
    "is_head": read_yes,
    "starts_on": read_date,
    "ends_on": read_date,
    "mobile": read_phone,
    "phone": read_phone,
    "email": read_email,
    "room": short_reader(60),
}


def _numeric(match: re.Match[str]) -> date:
    year, month, day = match.groups()
    return date(int(year), int(month), int(day or 1))


def _worded(match: re.Match[str]) -> date:
    month = MONTHS.get((match[2] or match[3]).lower())
    if month is None:
        raise ValueError(match[0])
    return date(int(match[5]), month, int(match[1] or match[4]))


def _short(match: re.Match[str]) -> date:
    first, second, year = (int(part) for part in match.groups())
    if first > 12:
        return date(year, second, first)
    if second > 12 or first == second:
        return date(year, first, second)
    raise ValueError(match[0])


def _checked(day: date) -> date:
    if day.year not in YEARS:
        raise ValueError(_("%(day)s is too long ago or too far ahead.") % {"day": day.isoformat()})
    return day
