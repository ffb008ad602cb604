"""What people ask of a place of their mailbox: words, and operators in English or Chinese, such as `from:王伟 有附件 after:2026-11-01`."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from mail.models import Envelope, Placement

# An operator, with either colon, and a word or "several words". What has no value stands alone.
OPERATOR = re.compile(r'(?P<name>[A-Za-z]+|[\u4e00-\u9fff]{1,3})[:：](?:[“"](?P<said>[^”"]*)[”"]|(?P<word>\S+))')
NAMES = {
    "from": "from", "发件人": "from", "来自": "from",
    "to": "to", "收件人": "to", "发给": "to",
    "subject": "subject", "主题": "subject",
    "before": "before", "之前": "before", "早于": "before",
    "after": "after", "之后": "after", "晚于": "after",
    "larger": "larger", "大于": "larger",
    "has": "has", "is": "is", "包含": "has", "状态": "is",
}  # fmt: skip
ALONE = {"有附件": ("has", "attachment"), "未读": ("is", "unread"), "星标": ("is", "starred"), "已星标": ("is", "starred")}
FLAGS = {"attachment": "files", "files": "files", "附件": "files", "unread": "unread", "未读": "unread", "starred": "starred", "星标": "starred"}
DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2}))?(?:[-/.月](\d{1,2})日?)?月?")
SIZE = re.compile(r"(\d{1,6})(k|m|kb|mb)?", re.IGNORECASE)
MOST_WORDS = 8


@dataclass(slots=True)
class Question:
    """`asked` are operators with their values; what could not be understood is looked for as words."""

    words: list[str] = field(default_factory=list)
    asked: list[tuple[str, Any]] = field(default_factory=list)


def read_question(text: str) -> Question:
    question = Question()

    def take(match: re.Match[str]) -> str:
        name = NAMES.get(match["name"].lower())
        value = _value(name, (match["said"] if match["said"] is not None else match["word"]).strip()) if name is not None else None
        if name is None or value is None:
            return match[0]
        question.asked.append((name, value))
        return " "

    for word in OPERATOR.sub(take, text).split()[:MOST_WORDS]:
        if word in ALONE:
            name, value = ALONE[word]
            question.asked.append((name, FLAGS[value]))
        else:
            question.words.append(word)
    return question


def restrict(rows: Any, text: str) -> Any:
    """Placements of one mailbox that fit. What was recalled fits nothing, and the text of what was not opened is not looked into."""
    question = read_question(text)
    rows = rows.live()
    for word in question.words:
        told = Q(side=Placement.Side.SENT) | Q(read_at__isnull=False)
        rows = rows.filter(_sender(word) | Q(message__subject__icontains=word) | told & Q(message__body__icontains=word))
    for name, value in question.asked:
        rows = _restricted(rows, name, value)
    return rows


def _restricted(rows: Any, name: str, value: Any) -> Any:
    match name:
        case "from":
            return rows.filter(_sender(value))
        case "to":
            # Whom one may know of: the open recipients, oneself, and of what one sent all of them.
            person = Q(mailbox__owner__name__icontains=value) | Q(mailbox__owner__employee_number=value) | Q(address__icontains=value)
            named = Envelope.objects.filter(person, message=OuterRef("message"))
            known = named.filter(Q(role__in=("to", "cc")) | Q(mailbox=OuterRef("mailbox")) | Q(message__sender=OuterRef("mailbox")))
            return rows.filter(Exists(known))
        case "subject":
            return rows.filter(message__subject__icontains=value)
        case "before":
            return rows.filter(message__sent_at__lt=value)
        case "after":
            return rows.filter(message__sent_at__gte=value)
        case "larger":
            return rows.filter(size__gt=value)
    match value:
        case "files":
            return rows.filter(message__has_files=True)
        case "unread":
            return rows.unread()
    return rows.filter(is_starred=True)


def _sender(word: str) -> Q:
    own = Q(message__sender__owner__name__icontains=word) | Q(message__sender__owner__employee_number=word)
    return own | Q(message__foreign__name__icontains=word) | Q(message__foreign__address__icontains=word)


def _value(name: str | None, text: str) -> Any:
    """None for what is no such value."""
    if not text or name is None:
        return None
    if name in ("before", "after"):
        return _day(text)
    if name in ("has", "is"):
        return FLAGS.get(text.lower())
    if name == "larger":
        found = SIZE.fullmatch(text)
        return int(found[1]) * (1000 if (found[2] or "m").lower().startswith("k") else 10**6) if found else None
    return text


def _day(text: str) -> datetime | None:
    """`before` a day ends with its beginning, `after` begins with the day itself; a month or a year stand for their first day."""
    found = DAY.fullmatch(text)
    if found is None:
        return None
    try:
        day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        return timezone.make_aware(datetime.combine(day, time()))
    except (ValueError, OverflowError):
        return None
