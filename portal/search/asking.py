"""What a person typed, read: words, phrases in quotes, what shall not be there, and operators. Whatever is not an operator is text; nothing is an error.

`department:质检`, `from:王伟`, `after:2026-01`, `before:2026-03-15`, `until:2026-03`, `type:pdf`, `kind:news`; the names and the signs in Chinese too.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from unicodedata import normalize

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from portal.access.policies import Words
from portal.accounts.models import User
from portal.attachments.kinds import Kind as FileKind
from portal.foundation.matching import literal
from portal.foundation.moments import YEARS
from portal.organization.places import read_places
from portal.search.analysis.folding import fold
from portal.search.sources import all_kinds

LONGEST = 200
MOST_NAMED = 200
MINUS = "-－−"
QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“", "「": "」", "『": "』"}
# Written within a sentence too, where they ask for nothing: “下栏”是指什么？
PUNCTUATION = frozenset("“”„「」『』")
OPERATORS = {
    "department": "department", "dept": "department", "部门": "department", "from": "author", "author": "author", "作者": "author", "发布人": "author",
    "after": "after", "自": "after", "before": "before", "早于": "before", "until": "until", "至": "until",
    "type": "type", "类型": "type", "kind": "kind", "种类": "kind",
}  # fmt: skip
FILE_TYPES = {
    FileKind.PDF: ("pdf",),
    FileKind.DOCUMENT: ("doc", "docx", "word", "odt", "wps", "rtf", "文档"),
    FileKind.SHEET: ("xls", "xlsx", "excel", "ods", "et", "表格"),
    FileKind.SLIDES: ("ppt", "pptx", "powerpoint", "odp", "slides", "幻灯片", "演示"),
    FileKind.PICTURE: ("jpg", "jpeg", "png", "picture", "image", "图片"),
    FileKind.TEXT: ("txt", "text", "文本"),
    FileKind.ARCHIVE: ("zip", "rar", "7z", "压缩包"),
    FileKind.AUDIO: ("mp3", "wav", "audio", "sound", "音频"),
    FileKind.VIDEO: ("mp4", "avi", "video", "film", "视频"),
}
_OPERATOR = re.compile(r"([a-z]+|[\u4e00-\u9fff]+)[::](.+)", re.DOTALL)
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月?)|年?)")


@dataclass(slots=True)
class Asked:
    """A question as it was understood. `text` is what was typed; ids and codes are what its operators named; times are the first moments of days."""

    text: str = ""
    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    departments: list[int] = field(default_factory=list)
    authors: list[int] = field(default_factory=list)
    file_types: list[str] = field(default_factory=list)
    after: datetime | None = None
    before: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.phrases or self.restricts)

    @property
    def restricts(self) -> bool:
        return bool(self.kinds or self.departments or self.authors or self.file_types or self.after or self.before)

    @property
    def plain(self) -> str:
        """The words and phrases alone, folded: what editors see of what was not found, and what results are pinned to."""
        return " ".join(fold(word) for word in [*self.words, *self.phrases])[:100]


def understand(text: str) -> Asked:
    """Reads at most 200 characters. An operator whose value names nothing is taken as text."""
    text = normalize("NFC", " ".join(text.replace("\x00", " ").split())[:LONGEST])[:LONGEST]
    asked = Asked(text=text)
    for token, is_quoted in _tokens(text):
        if is_quoted:
            asked.phrases.append(token)
        elif token[0] in MINUS and len(token) > 1:
            asked.excluded.append(token[1:].strip("".join(QUOTES) + "".join(QUOTES.values())))
        elif not _takes_operator(asked, token):
            asked.words.append(token)
    if asked.is_empty:
        # There is nothing to take away from: −18 ℃ is a temperature.
        asked.words, asked.excluded = asked.excluded, []
    return asked


def _tokens(text: str) -> Iterable[tuple[str, bool]]:
    """Words, and what stands in quotes; a quote that is not closed is passed over. Chinese ones are punctuation where the sentence goes on beside them."""
    place, word = 0, ""
    while place < len(text):
        character = text[place]
        closing = QUOTES.get(character)
        end = text.find(closing, place + 1) if closing else -1
        if closing and end > place and (character not in PUNCTUATION or _stands_apart(text, word, end)):
            inner = text[place + 1 : end].strip()
            if _is_before_value(word):
                word += inner
            else:
                if word:
                    yield word, False
                    word = ""
                if inner:
                    yield inner, True
            place = end + 1
            continue
        if character.isspace() or character == "　" or (character in PUNCTUATION and not _is_before_value(word)):
            if word:
                yield word, False
            word = ""
        elif character not in QUOTES and character not in QUOTES.values():
            word += character
        place += 1
    if word:
        yield word, False


def _stands_apart(text: str, word: str, end: int) -> bool:
    """Whether a quote is a word of its own, or the value of an operator."""
    return (not word or _is_before_value(word)) and (end + 1 == len(text) or text[end + 1].isspace())


def _is_before_value(word: str) -> bool:
    return bool(word) and (fold(word[-1]) == ":" or word in MINUS)


def _takes_operator(asked: Asked, token: str) -> bool:
    match = _OPERATOR.fullmatch(fold(token))
    name = OPERATORS.get(match.group(1)) if match else None
    if match is None or name is None:
        return False
    return _READERS[name](asked, match.group(2).strip())


def _department(asked: Asked, value: str) -> bool:
    found = departments_named(value)
    asked.departments += found
    return bool(found)


def departments_named(value: str) -> list[int]:
    """Open departments by a part of their name, their pinyin or their code; those below come with them in the engine."""
    if not value:
        return []
    spelling = value.replace(" ", "")
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM organization_department WHERE parent_id IS NOT NULL AND (name ILIKE %(part)s OR name_en ILIKE %(part)s
            OR replace(name_pinyin, ' ', '') LIKE %(spelling)s OR lower(code) = %(code)s) ORDER BY path LIMIT 50""",
            {"part": f"%{literal(value)}%", "spelling": f"{literal(spelling)}%", "code": spelling},
        )
        found = [pk for (pk,) in cursor.fetchall()]
    return found or [place.pk for place in read_places().find(value)[:MOST_NAMED]]


def _author(asked: Asked, value: str) -> bool:
    people = User.objects.filter(kind=User.Kind.EMPLOYEE, name_starts__contains=f"|{value.replace(' ', '')}")
    found = list(people.order_by("pk").values_list("pk", flat=True)[:MOST_NAMED]) if value.strip("| ") else []
    asked.authors += found
    return bool(found)


def _after(asked: Asked, value: str) -> bool:
    day = _first_day(value)
    asked.after = _moment(day) if day else asked.after
    return day is not None


def _before(asked: Asked, value: str) -> bool:
    day = _first_day(value)
    asked.before = _moment(day) if day else asked.before
    return day is not None


def _until(asked: Asked, value: str) -> bool:
    """With the day, the month or the year that is named, as 至 means it."""
    day = _first_day(value)
    if day is None:
        return False
    parts = len(re.findall(r"\d+", value))
    following = day + timedelta(days=1) if parts == 3 else (day + timedelta(days=31 if parts == 2 else 366)).replace(day=1)
    asked.before = _moment(following if parts > 1 else following.replace(month=1))
    return True


def _type(asked: Asked, value: str) -> bool:
    found = [kind.value for kind, names in FILE_TYPES.items() if value.lstrip(".") in names or value == kind.value or value in _said(kind.label)]
    asked.file_types += found
    return bool(found)


def _kind(asked: Asked, value: str) -> bool:
    found = [kind.code for kind in all_kinds() if value == kind.code or value in _said(kind.label) | _said(kind.plural)]
    asked.kinds += found
    return bool(found)


def _said(words: Words) -> set[str]:
    """In every language of the portal: an address that is sent to a colleague asks the same there."""
    said = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            said.add(fold(str(words)))
    return said


_READERS: dict[str, Callable[[Asked, str], bool]] = {
    "department": _department,
    "author": _author,
    "after": _after,
    "before": _before,
    "until": _until,
    "type": _type,
    "kind": _kind,
}


def _first_day(value: str) -> date | None:
    """Of a year, a month or a day as people write it: 2026, 2026-1, 2026年1月5日."""
    match = _DATE.fullmatch(value)
    if match is None:
        return None
    try:
        day = date(int(match.group(1)), int(match.group(2) or 1), int(match.group(3) or 1))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def year_bounds(year: int) -> tuple[datetime, datetime]:
    return _moment(date(year, 1, 1)), _moment(date(year, 12, 31) + timedelta(days=1))
