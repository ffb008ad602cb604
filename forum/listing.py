"""What lists of the forum show one person: threads by their last reply, what is new to this person first. Pages go by the last row, never by an offset."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from forum.models import Board, BoardMark, Bookmark, Follow, Post, Thread, ThreadRead
from forum.policies import moderated_boards
from portal.access.policies import visible_to
from portal.access.visibility import audience_text_of

PER_PAGE = 30
HORIZON = timedelta(days=90)  # what is older is new to nobody
MOST_COUNTED = 99
# One statement, for it stands on every page: the number in the rail.
UNREAD = """
    WITH mark AS (SELECT board_id, read_until FROM forum_boardmark WHERE person_id = %(person)s),
         floor AS (SELECT greatest(%(horizon)s, (SELECT read_until FROM mark WHERE board_id IS NULL)) AS at)
    SELECT board_id, count(*) FROM (
        SELECT thread.board_id FROM forum_thread thread, floor
        WHERE thread.is_shown AND {seen} AND thread.last_post_at > floor.at
          AND thread.last_post_at > coalesce((SELECT read_until FROM mark WHERE mark.board_id = thread.board_id), floor.at)
          AND thread.last_number > coalesce((SELECT number FROM forum_threadread WHERE person_id = %(person)s AND thread_id = thread.id), 0)
          AND NOT EXISTS (SELECT FROM forum_follow WHERE person_id = %(person)s AND thread_id = thread.id AND level = 'muted')
        LIMIT %(most)s
    ) unread GROUP BY board_id
"""

# For readers one index decides; who moderates sees boards that are not for them besides, and lists and counts are one question.
OF_READERS = "thread.audience_id = ANY (%(audiences)s::int[])"
OF_MODERATORS = f"({OF_READERS} OR thread.board_id = ANY (%(boards)s::bigint[]))"


class Marks:
    """Until when this person has marked everything as read: in all boards, and in single ones."""

    def __init__(self, user: Any) -> None:
        rows: dict[int | None, datetime] = dict(BoardMark.objects.filter(person=user.pk).values_list("board_id", "read_until"))
        self.floor: datetime = max(rows.pop(None, datetime.min.replace(tzinfo=UTC)), timezone.now() - HORIZON)
        self.of_boards: dict[int, datetime] = {board: until for board, until in rows.items() if board is not None and until > self.floor}

    def since(self, board_id: int) -> datetime:
        return max(self.of_boards.get(board_id, self.floor), self.floor)

    def condition(self) -> Q:
        """Of threads that have a reply since the mark that holds for them."""
        condition = Q(last_post_at__gt=self.floor)
        for board, until in self.of_boards.items():
            condition &= ~Q(board=board, last_post_at__lte=until)
        return condition


@dataclass(slots=True)
class ThreadRow:
    """A thread as one reader sees it in a list."""

    thread: Any
    is_unread: bool
    new_count: int

    @property
    def is_all_new(self) -> bool:
        return self.is_unread and self.new_count >= self.thread.last_number


@dataclass(slots=True)
class ThreadPage:
    """`pinned` stand on the first page only; `unread` before `read`; `after` is the address's word for what follows, empty at the end."""

    pinned: list[ThreadRow] = field(default_factory=list)
    unread: list[ThreadRow] = field(default_factory=list)
    read: list[ThreadRow] = field(default_factory=list)
    after: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.pinned or self.unread or self.read)


class ThreadList:
    """The threads of one board, or of all that one may see. `chip`: all, `unread`, `followed`, `unanswered`, `mine`."""

    def __init__(self, user: Any, board: Board | None = None, *, chip: str = "", words: str = "") -> None:
        self.user, self.board, self.chip, self.words = user, board, chip, words

    @cached_property
    def marks(self) -> Marks:
        return marks_of(self.user)

    def page(self, after: str = "") -> ThreadPage:
        part, moment, pk = _place(after)
        page = ThreadPage()
        if not after and self.board is not None and not self.chip and not self.words:
            page.pinned = self._rows(self._all().filter(is_pinned=True).order_by("-last_post_at", "-id")[:PER_PAGE])
        rows = self._all()
        if self.board is not None and not self.chip and not self.words:
            rows = rows.filter(is_pinned=False)
        if part == "u":
            found = list(self._unread(rows, _before(moment, pk))[: PER_PAGE + 1])
            page.unread = self._rows(found[:PER_PAGE])
            if len(found) > PER_PAGE:
                page.after = _word("u", found[PER_PAGE - 1])
                return page
            moment, pk = None, 0
        if self.chip == "unread":
            return page
        room = PER_PAGE - len(page.unread)
        read = list(self._read(rows, _before(moment, pk))[: room + 1])
        page.read = self._rows(read[:room])
        if len(read) > room:
            page.after = _word("r", read[room - 1]) if room else _word_of_beginning()
        return page

    def _all(self) -> QuerySet[Thread]:
        rows = visible_to(Thread, self.user, Thread.objects.select_related("author__profile", "last_author", "board"))
        if self.board is not None:
            rows = rows.filter(board=self.board)
        if self.words:
            rows = rows.filter(title__icontains=self.words)
        if self.chip == "followed":
            rows = rows.filter(pk__in=Follow.objects.filter(person=self.user).exclude(level=Follow.Level.MUTED).values("thread"))
        elif self.chip == "unanswered":
            rows = rows.filter(last_number=1)
        elif self.chip == "mine":
            rows = rows.filter(author=self.user)
        read = ThreadRead.objects.filter(thread=OuterRef("pk"), person=self.user).values("number")[:1]
        return rows.annotate(read_number=Coalesce(Subquery(read), Value(0), output_field=IntegerField()))

    def _unread(self, rows: QuerySet[Thread], before: Q) -> QuerySet[Thread]:
        return rows.filter(before, self.marks.condition(), last_number__gt=F("read_number")).order_by("-last_post_at", "-id")

    def _read(self, rows: QuerySet[Thread], before: Q) -> QuerySet[Thread]:
        return rows.filter(before).exclude(self.marks.condition() & Q(last_number__gt=F("read_number"))).order_by("-last_post_at", "-id")

    def _rows(self, threads: Any) -> list[ThreadRow]:
        rows = []
        for thread in threads:
            new = thread.last_number - thread.read_number if thread.last_post_at > self.marks.since(thread.board_id) else 0
            rows.append(ThreadRow(thread, new > 0, max(0, new)))
        return rows


def marks_of(user: Any) -> Marks:
    """Asked once for each loading of the person (so once a request)."""
    known: Marks | None = getattr(user, "_forum_marks", None)
    if known is None:
        known = user._forum_marks = Marks(user)
    return known


def unread_by_board(user: Any) -> dict[int, int]:
    """How many threads are new to this person in each board, muted ones left out; all together at most one more than is counted. Asked once a request."""
    known: dict[int, int] | None = getattr(user, "_forum_unread", None)
    if known is None:
        figures = {
            "audiences": audience_text_of(user),
            "horizon": timezone.now() - HORIZON,
            "person": user.pk,
            "most": MOST_COUNTED + 1,
        }
        moderated = moderated_boards(user)
        if moderated is not None:
            figures["boards"] = list(Board.objects.filter(moderated).values_list("pk", flat=True))
        with connection.cursor() as cursor:
            cursor.execute(UNREAD.format(seen=OF_READERS if moderated is None else OF_MODERATORS), figures)
            known = user._forum_unread = dict(cursor.fetchall())
    return known


def unread_count(user: Any) -> int:
    return min(sum(unread_by_board(user).values()), MOST_COUNTED)


@dataclass(frozen=True, slots=True)
class BoardRow:
    board: Any
    unread: int


def board_rows(user: Any) -> list[BoardRow]:
    """The open boards that this person may see, each with what is new in it."""
    boards = visible_to(Board, user, Board.objects.filter(archived_at__isnull=True)).order_by("order", "id")
    unread = unread_by_board(user)
    return [BoardRow(board, unread.get(board.pk, 0)) for board in boards]


def bookmarks_of(user: Any) -> Sequence[Bookmark]:
    """The posts that this person marked and may still read, newest mark first."""
    readable = visible_to(Post, user).order_by().values("pk")
    rows = Bookmark.objects.filter(person=user, post__in=readable).select_related("post__author__profile", "post__thread__board")
    return list(rows.order_by("-id")[:200])


def _place(word: str) -> tuple[str, datetime | None, int]:
    part, _dash, rest = word.partition("-")
    moment, _dash, pk = rest.partition("-")
    if part not in {"u", "r"} or not (moment.isdecimal() and pk.isdecimal() and len(moment) < 18 and len(pk) < 19):
        return "u", None, 0
    return part, datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(moment)), int(pk)


def _word(part: str, thread: Any) -> str:
    since = thread.last_post_at - datetime.fromtimestamp(0, UTC)
    return f"{part}-{since // timedelta(microseconds=1)}-{thread.pk}"


def _word_of_beginning() -> str:
    """All that was read, from its newest."""
    return f"r-{10**17 - 1}-0"


def _before(moment: datetime | None, pk: int) -> Q:
    return Q() if moment is None else Q(last_post_at__lt=moment) | Q(last_post_at=moment, pk__lt=pk)
