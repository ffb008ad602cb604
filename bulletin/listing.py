"""The lists of notices: what is for a person, as rows, by one statement each. Lists are asked for most of all pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter, itemgetter
from typing import Any, Literal

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone

from portal.access.standings import standing_of
from portal.access.visibility import AUDIENCES_NAMED, audience_text_of, remember_audiences
from portal.foundation.language import is_chinese

UNREAD_HORIZON = timedelta(days=90)
OVERDUE_FOR_LONG = timedelta(days=14)
MOST_COUNTED = 100
MOST_LISTED = 1_000

# A person's unread notices: published since they said that all is read (or since their account was made), in the last 90 days, and not opened.
UNREAD = """n.published_at > greatest(%(horizon)s, coalesce((SELECT read_until FROM bulletin_readingmark WHERE person_id = %(person)s), %(since)s))
    AND NOT EXISTS (SELECT FROM bulletin_reading r WHERE r.person_id = %(person)s AND r.notice_id = n.page_ptr_id)"""
ADDRESSED = "n.is_shown AND n.audience_id = ANY(%(audiences)s::bigint[]) AND (n.shown_until IS NULL OR n.shown_until > %(now)s)"
# The few that are pinned are taken from their index first: along the index of dates PostgreSQL would read the whole table for them.
PINNED = "n.page_ptr_id = ANY(ARRAY(SELECT page_ptr_id FROM bulletin_notice WHERE is_shown AND pinned_until IS NOT NULL AND pinned_until > %(now)s))"
NOT_PINNED = "(n.pinned_until IS NULL OR n.pinned_until <= %(now)s)"
WAITING = """n.binding_number IS NOT NULL AND NOT EXISTS (
    SELECT FROM confirmations_confirmation c
    WHERE c.person_id = %(person)s AND c.about_type_id = %(notices)s AND c.about_id = n.page_ptr_id AND c.number >= n.binding_number)"""
# Whoever has not confirmed it by now is asked by their head: it stands behind what can still be done in time.
LONG_OVERDUE = "coalesce(n.confirm_by, n.published_at) < %(stale)s"
SHOWN = """n.page_ptr_id, n.kind, p.title, extract(epoch FROM n.published_at)::float8, n.corrected_at, n.is_urgent, n.pinned_until, cardinality(n.file_ids) > 0,
        n.document_prefix, n.document_year, n.document_number, n.binding_number, n.confirm_by, n.opens_on, n.closes_on, n.topic_closed_at,
        d.name, d.name_en, {unread},
        (SELECT max(c.confirmed_at) FROM confirmations_confirmation c WHERE n.binding_number IS NOT NULL
            AND c.person_id = %(person)s AND c.about_type_id = %(notices)s AND c.about_id = n.page_ptr_id AND c.number >= n.binding_number),
        CASE WHEN n.topic_closed_at IS NOT NULL THEN (SELECT count(*) FROM bulletin_adoption a WHERE a.notice_id = n.page_ptr_id) ELSE 0 END"""
JOINED = """JOIN bulletin_notice n USING (page_ptr_id)
    JOIN wagtailcore_page p ON p.id = n.page_ptr_id
    JOIN organization_department d ON d.id = n.department_id"""
NEWEST = "FROM bulletin_notice n WHERE {conditions} ORDER BY n.published_at DESC, n.page_ptr_id DESC LIMIT {limit:d} OFFSET {offset:d}"
# Only constants are put in, here and below; what is asked for is always a parameter. A number is read in a fifth of the time of a date.
ROWS = f"SELECT {SHOWN} FROM (SELECT n.page_ptr_id {NEWEST}) asked {JOINED} ORDER BY n.published_at DESC, n.page_ptr_id DESC"  # noqa: S608
PART = f"(SELECT {{part:d}} AS part, n.page_ptr_id, n.published_at {NEWEST})"
# Of all parts the first rows, which alone are drawn.
TOGETHER = f"""
    SELECT ({{count}}), asked.part, {SHOWN} FROM (
        SELECT part, page_ptr_id FROM ({{parts}}) parts ORDER BY part, published_at DESC, page_ptr_id DESC LIMIT {{limit:d}}
    ) asked {JOINED}
"""  # noqa: S608
# Counted along the index of dates and no further than is said: without the order, PostgreSQL reads the whole table for a few.
COUNT = f"SELECT count(*) FROM (SELECT FROM bulletin_notice n WHERE {{conditions}} ORDER BY n.published_at DESC LIMIT {MOST_LISTED + 1}) counted"  # noqa: S608
EXACT_COUNT = "SELECT count(*) FROM bulletin_notice n WHERE {conditions}"
MINE = ADDRESSED.replace("= ANY(%(audiences)s::bigint[])", "IN (SELECT id FROM mine)")
COUNTS = f"""
    WITH mine AS MATERIALIZED ({AUDIENCES_NAMED})
    SELECT (SELECT count(*) FROM (SELECT FROM bulletin_notice n WHERE {MINE} AND {UNREAD} ORDER BY n.published_at DESC LIMIT {MOST_COUNTED}) unread),
        (SELECT count(*) FROM (SELECT FROM bulletin_notice n WHERE {MINE} AND {WAITING} ORDER BY n.published_at DESC LIMIT {MOST_COUNTED}) waiting),
        (SELECT string_agg(id::text, ',') FROM mine)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Counts:
    """How many notices a person has not read, and has yet to confirm; 100 means that many or more."""

    unread: int
    waiting: int


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """What is asked of a list; the view reads it from the address. Empty means everything that is for the person.

    What waits for a confirmation is `current` or, two weeks after its time, `overdue`; `waiting` is both.
    """

    department_id: int | None = None
    kind: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    confirmation: Literal["", "waiting", "current", "overdue", "confirmed"] = ""
    is_unread: bool = False
    words: str = ""

    @property
    def is_everything(self) -> bool:
        return self == NoticeFilter()


@dataclass(slots=True)
class NoticeRow:
    pk: int
    kind: str
    title: str
    published_at: datetime
    corrected_at: datetime | None
    is_urgent: bool
    is_pinned: bool
    has_files: bool
    number: str
    asks_confirmation: bool
    confirm_by: datetime | None
    opens_on: date | None
    closes_on: date | None
    is_closed: bool
    department: str
    is_unread: bool
    confirmed_at: datetime | None
    adopted: int = 0
    part: str = "all"


Part = Literal["all", "unread", "read", "pinned"]


class BoardList:
    """What is asked, what matters on top: what is pinned, then what is unread, then the rest, each newest first; all of it, each once.

    A list for `SlidingPaginator`. `total` is known once it was sliced; one more than MOST_LISTED means that many or more. The first page is one statement.
    """

    def __init__(self, user: Any, asked: NoticeFilter) -> None:
        self.asked, self.total, self.most_counted = asked, 0, MOST_LISTED
        below: tuple[Part, ...] = ("all",) if asked.is_unread or asked.confirmation else ("unread", "read")
        self.everything = NoticeList(user, asked)
        self.parts = [NoticeList(user, asked, "pinned"), *(NoticeList(user, asked, part, without_pinned=True) for part in below)]

    def __getitem__(self, wanted: slice) -> list[NoticeRow]:
        start = wanted.start or 0
        places = self._places(start, wanted.stop - start)
        number = wanted.stop - start
        parts = " UNION ALL ".join(self.parts[place].part_of(place, limit, offset) for place, (offset, limit) in places.items())
        statement = TOGETHER.format(count=self.everything.counting(), parts=parts, limit=number, unread=UNREAD)
        with connection.cursor() as cursor:
            cursor.execute(statement, self.everything.parameters())
            found = cursor.fetchall()
        rows = []
        for total, place, *values in found:
            row = _row(tuple(values))
            row.part, self.total = self.parts[place].part, total
            rows.append((-place, row.published_at, row.pk, row))
        return [row for *_place, row in sorted(rows, key=itemgetter(0, 1, 2), reverse=True)]

    def _places(self, start: int, number: int) -> dict[int, tuple[int, int]]:
        """Where each part is read from, and how much of it at most. Past the first rows the upper parts are counted, for the others begin behind them."""
        if not start:
            return dict.fromkeys(range(len(self.parts)), (0, number))
        counts = ", ".join(f"({part.counting(is_exact=True)})" for part in self.parts[:-1])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {counts}", self.everything.parameters())
            sizes = cursor.fetchone()
        places, left = {}, start
        for place in range(len(self.parts)):
            size = sizes[place] if place < len(sizes) else None
            if size is None or left < size:
                places[place] = (left, number)
            left = max(0, left - (size or 0))
        return places


def lists_together(parts: Sequence[tuple["NoticeList", int]]) -> list[list[NoticeRow]]:
    """The first rows of several lists of the same person, in one statement. Their filters may differ in what is a condition, not in what is a parameter."""
    statements = [f"SELECT {number} AS part, * FROM ({rows.statement(limit, 0)}) list{number}" for number, (rows, limit) in enumerate(parts)]  # noqa: S608
    found: list[list[NoticeRow]] = [[] for _part in parts]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), parts[0][0].parameters())
        for part, *values in cursor.fetchall():
            found[part].append(_row(tuple(values)))
    return [sorted(rows, key=attrgetter("published_at", "pk"), reverse=True) for rows in found]


@dataclass(slots=True)
class NoticeList:
    """Notices for a person, newest first, as a list for `SlidingPaginator`. `part` takes only the unread or only the read ones."""

    user: Any
    asked: NoticeFilter = field(default_factory=NoticeFilter)
    part: Part = "all"
    without_pinned: bool = False

    def __getitem__(self, part: slice) -> list[NoticeRow]:
        start = part.start or 0
        with connection.cursor() as cursor:
            cursor.execute(self.statement(part.stop - start, start), self.parameters())
            return [_row(values) for values in cursor.fetchall()]

    def statement(self, limit: int, offset: int) -> str:
        """Limits are written out, so that PostgreSQL keeps the plan; everything that was asked is a parameter."""
        unread = {"unread": "true", "read": "false"}.get(self.part, UNREAD)
        return ROWS.format(unread=unread, conditions=self._conditions(), limit=limit, offset=offset)

    def part_of(self, part: int, limit: int, offset: int) -> str:
        """Which rows these are, as one part of several."""
        return PART.format(part=part, conditions=self._conditions(), limit=limit, offset=offset)

    def count(self) -> int:
        """How many there are; one more than MOST_LISTED means that many or more."""
        with connection.cursor() as cursor:
            cursor.execute(self.counting(), self.parameters())
            return int(cursor.fetchone()[0])

    def counting(self, *, is_exact: bool = False) -> str:
        return (EXACT_COUNT if is_exact else COUNT).format(conditions=self._conditions())

    def _conditions(self) -> str:
        asked = self.asked
        conditions = [ADDRESSED]
        if self.part == "unread" or asked.is_unread:
            conditions.append(UNREAD)
        elif self.part == "read":
            conditions.append(f"NOT ({UNREAD})")
        if self.part == "pinned":
            conditions.append(PINNED)
        if self.without_pinned:
            conditions.append(NOT_PINNED)
        if asked.department_id is not None:
            referred = "SELECT notice_id FROM bulletin_boardreference WHERE department_id = %(department)s"
            conditions.append(f"(n.department_id = %(department)s OR n.page_ptr_id = ANY(ARRAY({referred})))")
        if asked.kind:
            conditions.append("n.kind = %(kind)s")
        if asked.starts_on is not None:
            conditions.append("n.published_at >= %(starts)s")
        if asked.ends_on is not None:
            conditions.append("n.published_at < %(ends)s")
        if asked.confirmation in {"waiting", "current", "overdue"}:
            conditions.append(WAITING)
        if asked.confirmation in {"current", "overdue"}:
            conditions.append(LONG_OVERDUE if asked.confirmation == "overdue" else f"NOT ({LONG_OVERDUE})")
        if asked.confirmation == "confirmed":
            conditions.append(f"n.binding_number IS NOT NULL AND NOT ({WAITING})")
        if asked.words:
            conditions.append("EXISTS (SELECT FROM wagtailcore_page p WHERE p.id = n.page_ptr_id AND p.title ILIKE %(words)s)")
        return " AND ".join(conditions)

    def parameters(self) -> dict[str, Any]:
        asked = self.asked
        return person_parameters(self.user) | {
            "department": asked.department_id,
            "kind": asked.kind,
            "starts": _midnight(asked.starts_on) if asked.starts_on else None,
            "ends": _midnight(asked.ends_on + timedelta(days=1)) if asked.ends_on else None,
            "words": f"%{asked.words.replace(chr(92), chr(92) * 2).replace('%', chr(92) + '%').replace('_', chr(92) + '_')}%",
        }


def counts_for(user: Any) -> Counts:
    """Asked for the rail on every page; kept for the request, with the audiences that were found on the way."""
    known: Counts | None = getattr(user, "_notice_counts", None)
    if known is None:
        standing = standing_of(user)
        with connection.cursor() as cursor:
            cursor.execute(COUNTS, _moments(user) | {"tokens": standing.tokens, "level": standing.level})
            unread, waiting, audiences = cursor.fetchone()
        remember_audiences(user, audiences)
        known = user._notice_counts = Counts(unread, waiting)
    return known


def person_parameters(user: Any) -> dict[str, Any]:
    return _moments(user) | {"audiences": audience_text_of(user)}


def _moments(user: Any) -> dict[str, Any]:
    now = timezone.now()
    notices = ContentType.objects.get_by_natural_key("bulletin", "notice").pk  # kept in the process
    return {"person": user.pk, "now": now, "horizon": now - UNREAD_HORIZON, "stale": now - OVERDUE_FOR_LONG, "since": user.created_at, "notices": notices}


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _row(values: tuple[Any, ...]) -> NoticeRow:
    (pk, kind, title, published, corrected_at, is_urgent, pinned_until, has_files, prefix, year, number) = values[:11]
    (binding, confirm_by, opens_on, closes_on, closed_at, name, name_en, is_unread, confirmed_at, adopted) = values[11:]
    return NoticeRow(
        pk, kind, title, datetime.fromtimestamp(published, UTC), corrected_at, is_urgent, pinned_until is not None and pinned_until > timezone.now(),
        bool(has_files),
        f"{prefix}〔{year}〕{number}号" if number else "", binding is not None, confirm_by, opens_on, closes_on, closed_at is not None,
        name if is_chinese() else name_en or name, is_unread, confirmed_at, adopted,
    )  # fmt: skip
