"""What a cell means. Blank is None and says nothing; what cannot be understood raises ValueError with a sentence."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from portal.imports.limits import MOST_CELL_LENGTH

SPREADSHEET_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"}
EXCEL_EPOCH = date(1899, 12, 30)
SERIALS = range(7_000, 110_000)
YEARS = range(1930, 2101)
BLANKS = {"", "-", "--", "—", "——", "/", "\\", "无", "空", "n/a", "na", "none", "null", "至今", "长期", "现在", "今"}
MONTHS = {name: number for number, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)}
YES, NO = {"是", "y", "yes", "true", "1", "√", "✓", "负责人", "正职"}, {"否", "n", "no", "false", "0", "×"}

_NUMERIC_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})?\s*日?)?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDED_DATE = re.compile(r"(?:(\d{1,2})[\s-]+([a-z]{3})[a-z]*|([a-z]{3})[a-z]*[\s-]+(\d{1,2})),?[\s-]+(\d{4})", re.IGNORECASE)
_SHORT_DATE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_WEEKDAY = re.compile(r"\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$")
_DEFUSED = re.compile(r"'\s*[=+\-@]")  # as our own exports write what a spreadsheet would compute
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")


def refuse_unreadable(cell: Any) -> None:
    """Raises ValueError for what no reader may take for something else: a formula without result, an error of the spreadsheet, what is far too long."""
    if isinstance(cell, dict) and "formula" in cell:
        raise ValueError(_("The cell holds a formula without its result. Open the file in a spreadsheet, save it there, and upload it again."))
    if not isinstance(cell, str):
        return
    if len(cell) > MOST_CELL_LENGTH:
        raise ValueError(_("This is longer than %(count)s characters.") % {"count": MOST_CELL_LENGTH})
    if cell.strip().upper() in SPREADSHEET_ERRORS:
        raise ValueError(_("The formula of this cell gives an error (%(text)s).") % {"text": cell.strip()})


def read_text(cell: Any) -> str | None:
    """Full-width letters and digits folded, white space made single, marks that cannot be seen removed."""
    if isinstance(cell, dict):
        cell = cell.get("date", "=")
    if isinstance(cell, bool):
        cell = str(cell)
    text = str(cell if cell is not None else "")
    if not (text.isascii() and text.isprintable()):
        text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    text = " ".join(text.split())
    if _DEFUSED.match(text):
        text = text[1:].strip()
    return None if text.lower() in BLANKS else text


def fold(text: str) -> str:
    """A stored name as it compares with what a file says, whatever the width of its brackets."""
    return (read_text(text) or "").lower()


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
    """A day in any of the styles that files have: 2026-11-23, 2026/11/23, 2026.11.23, 2026年11月23日, 20261123, 23-Nov-2026, a date cell.

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
    text = _WEEKDAY.sub("", text)
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


def choice_reader(words: Mapping[str, str], choices: Any) -> Callable[[Any], str | None]:
    """Reads one of the words for a choice, its own word in both languages among them."""
    codes = {word.lower(): code for code, several in words.items() for word in (code, *several.split())}

    def read(cell: Any) -> str | None:
        text = read_text(cell)
        if text is None:
            return None
        code = codes.get(text.lower()) or next((code for code, label in choices.choices if str(label).lower() == text.lower()), None)
        if code is None:
            known = _(", ").join(str(label) for _code, label in choices.choices)
            raise ValueError(_("“%(text)s” is none of: %(known)s.") % {"text": text[:40], "known": known})
        return code

    return read
