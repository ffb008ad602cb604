"""What lists of mail show: one line for each conversation in a place, newest first. Pages go by the last line, never by an offset.

A line says who and what about, never a first line of what was not opened; of what was recalled it says that alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q

from mail.models import Draft, Envelope, Folder, Mailbox, Placement
from mail.questions import restrict
from mail.words import names_of, subject_of
from portal.access.words import describe_rule

PER_PAGE = 30
MOST_COUNTED = 99
CHIPS = ("", "unread", "starred", "files")
PLACES = ("inbox", "starred", "sent", "archive", "bin")
# One statement, for it stands on every page: the number in the rail, and how far the mailbox is for its live topic.
UNREAD = """
    SELECT mailbox.moved, (
        SELECT count(*) FROM (
            SELECT FROM mail_placement WHERE mailbox_id = mailbox.id AND place = 'inbox' AND side = 'received'
                AND read_at IS NULL AND recalled_at IS NULL AND purged_at IS NULL LIMIT %s
        ) unread
    ) FROM mail_mailbox mailbox WHERE owner_id = %s
"""


@dataclass(slots=True)
class Line:
    """The newest message of a conversation in one place, with how many there are of it altogether."""

    placement: Any
    people: str
    count: int
    unread: int

    @property
    def is_unread(self) -> bool:
        return self.unread > 0

    @property
    def is_recalled(self) -> bool:
        return self.placement.recalled_at is not None

    @property
    def subject(self) -> str:
        return "" if self.is_recalled else subject_of(self.placement.message)


@dataclass(slots=True)
class Page:
    """`after` is the address's word for what follows, 0 at the end."""

    lines: list[Line] = field(default_factory=list)
    after: int = 0


@dataclass(slots=True)
class FolderLine:
    """A place in the column of folders."""

    code: str
    label: str
    icon: str
    url: str
    count: int = 0
    pk: int = 0


class MailList:
    """What lies in one place of a mailbox: a code of PLACES, or a folder of one's own. `chip` and `words` restrict it to single messages."""

    def __init__(self, mailbox: Mailbox, place: str, folder: Folder | None = None, *, chip: str = "", words: str = "") -> None:
        self.mailbox, self.place, self.folder, self.chip, self.words = mailbox, place, folder, chip, words.strip()

    def page(self, before: int = 0) -> Page:
        rows = self._restricted(self._there())
        if before:
            rows = rows.filter(pk__lt=before)
        found = list(rows.select_related("message__sender__owner__profile", "message__audience", "message__foreign").order_by("-pk")[: PER_PAGE + 1])
        shown = found[:PER_PAGE]
        return Page(self._lines(shown), shown[-1].pk if len(found) > PER_PAGE else 0)

    def largest(self) -> list[Line]:
        """Of the whole mailbox, the bin too, the largest first."""
        rows = Placement.objects.live().filter(mailbox=self.mailbox).select_related("message__sender__owner__profile", "message__audience", "message__foreign")
        return self._lines(list(rows.order_by("-size", "-pk")[:PER_PAGE]))

    def newer(self, since: int) -> int:
        """How many unread messages have come to this place since a line was drawn."""
        return int(self._there().unread().filter(pk__gt=since).count())

    def newest(self) -> int:
        return Placement.objects.filter(mailbox=self.mailbox).order_by("-pk").values_list("pk", flat=True).first() or 0

    def _there(self) -> Any:
        rows = Placement.objects.there().filter(mailbox=self.mailbox)
        if self.folder is not None:
            return rows.filter(place=Placement.Place.OWN, folder=self.folder)
        if self.place == "starred":
            return rows.filter(is_starred=True).exclude(place=Placement.Place.BIN)
        return rows.filter(place=self.place)

    def _restricted(self, rows: Any) -> Any:
        if self.chip == "unread":
            return rows.unread()
        if self.chip == "starred":
            return rows.filter(is_starred=True)
        if self.chip == "files":
            return rows.live().filter(message__has_files=True)
        if self.words:
            return restrict(rows, self.words)
        if self.place == "starred":
            return rows
        newer = Placement.objects.there().filter(mailbox=self.mailbox, thread=OuterRef("thread"), place=OuterRef("place"), pk__gt=OuterRef("pk"))
        return rows.exclude(Exists(newer.filter(folder=self.folder) if self.folder is not None else newer))

    def _lines(self, shown: Sequence[Placement]) -> list[Line]:
        threads = [placement.thread for placement in shown]
        counts: dict[UUID, tuple[int, int]] = {}
        unread = Q(side="received", read_at=None, recalled_at=None)
        rows = Placement.objects.there().filter(mailbox=self.mailbox, thread__in=threads).values("thread")
        for row in rows.annotate(count=Count("message", distinct=True), unread=Count("pk", filter=unread)):
            counts[row["thread"]] = (row["count"], row["unread"])
        own = [placement for placement in shown if not placement.is_received]
        sent = named_recipients([placement.message_id for placement in own if not placement.message.is_mass])
        for placement in own:
            if placement.message.audience is not None:
                sent[placement.message_id] = [describe_rule(placement.message.audience.rule)]
        is_single = bool(self.chip or self.words or self.place in ("starred", "largest"))
        lines = []
        for placement in shown:
            count, new = counts.get(placement.thread, (1, 0))
            people = names_of(sent[placement.message_id]) if not placement.is_received else placement.message.writer
            lines.append(Line(placement, people, 1 if is_single else count, int(placement.is_unread) if is_single else new))
        return lines


def named_recipients(message_ids: Sequence[int]) -> dict[int, list[str]]:
    """To whom these messages of one's own went: for their sender alone, blind copies come along. Of a mass mail, its audience in words."""
    found: dict[int, list[str]] = defaultdict(list)
    if message_ids:
        rows = Envelope.objects.filter(message__in=message_ids).exclude(role__in=("mass", "deputy")).order_by("order")
        for message_id, name, address in rows.values_list("message_id", "mailbox__owner__name", "address"):
            found[message_id].append(name or address)
    return found


def unread_count(user: Any) -> int:
    """What is unread in the inbox, for the rail."""
    return state_of(user)[0]


def state_of(user: Any) -> tuple[int, int]:
    """How many are unread in the inbox, and the cursor of the mailbox; asked once a request."""
    known: tuple[int, int] | None = getattr(user, "_mail_state", None)
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute(UNREAD, [MOST_COUNTED + 1, user.pk])
            moved, unread = cursor.fetchone() or (0, 0)
        known = user._mail_state = (int(unread), int(moved))
    return known


def drafts_of(mailbox: Mailbox, state: str) -> Any:
    return Draft.objects.select_related("audience").filter(mailbox=mailbox, state=state)
