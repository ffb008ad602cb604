"""A conversation as one person has it: their own placements alone, each with what they may see of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils import timezone

from mail.models import OPEN_ROLES, Envelope, Placement
from mail.services.reading import RECALLED_WITHIN
from mail.words import names_of, subject_of
from portal.access.words import describe_rule
from portal.attachments.models import Attachment
from portal.attachments.queries import shown_on_each


@dataclass(slots=True)
class Receipt:
    """What became of a message in one recipient's mailbox, for its sender."""

    name: str
    role: str
    read_at: Any
    recalled_at: Any


@dataclass(slots=True)
class ShownMessage:
    """One message; `receipts` are the sender's alone, `is_blind` says that the reader had a blind copy."""

    placement: Any
    is_own: bool
    to: str = ""
    cc: str = ""
    bcc: str = ""
    is_blind: bool = False
    files: Sequence[Attachment] = ()
    receipts: list[Receipt] = field(default_factory=list)
    counts: tuple[int, int, int] = (0, 0, 0)  # for its sender: to how many it went, who have read it, from whom it was recalled

    @property
    def message(self) -> Any:
        return self.placement.message

    @property
    def is_told(self) -> bool:
        return bool(self.placement.is_told)

    @property
    def read_count(self) -> int:
        return self.counts[1]

    @property
    def recalled_count(self) -> int:
        return self.counts[2]

    @property
    def unread_count(self) -> int:
        return self.counts[0] - self.counts[1] - self.counts[2]

    @property
    def settled(self) -> int:
        """The cursor of the topic on which its sender's page listens."""
        return self.read_count + self.recalled_count

    @property
    def may_recall(self) -> bool:
        return self.is_own and self.unread_count > 0 and self.message.sent_at > timezone.now() - RECALLED_WITHIN


@dataclass(slots=True)
class Conversation:
    """`placement` is the one in the address. What it says is shown once it was opened."""

    placement: Any
    messages: list[ShownMessage]

    @property
    def is_opened(self) -> bool:
        return not any(shown.placement.is_unread for shown in self.messages)

    @property
    def last(self) -> ShownMessage | None:
        """What is answered: the newest that may be read."""
        return next((shown for shown in reversed(self.messages) if shown.is_told), None)

    @property
    def subject(self) -> str:
        """Of the message in the address; nothing of one that was recalled."""
        return "" if self.placement.recalled_at is not None else subject_of(self.placement.message)

    @property
    def is_for_several(self) -> bool:
        """Whether an answer to all goes to more than one."""
        return self.last is not None and sum(map(len, answered_by(self.last.placement, to_all=True))) > 1


def read_conversation(user: Any, placement: Placement) -> Conversation:
    """Whether the placement may be seen is for the caller to ask. What lies in the bin is shown where the placement does."""
    rows = Placement.objects.of(user).shown_with(placement).select_related("message__sender__owner__profile", "message__audience", "mailbox")
    by_message: dict[int, Placement] = {}
    for row in rows.order_by("message_id", "side"):  # what one sent to oneself is received first, and stands once
        by_message.setdefault(row.message_id, row)
    shown = [ShownMessage(row, row.message.sender.owner_id == user.pk) for row in by_message.values()]
    told = [one for one in shown if one.is_told]
    files = shown_on_each([one.message for one in told])
    envelopes = _envelopes([one.message.pk for one in shown if one.placement.recalled_at is None])
    counts = mass_counts([one.message.pk for one in told if one.is_own and one.message.is_mass])
    receipts = _receipts([one.message.pk for one in told if one.is_own and not one.message.is_mass])
    for one in shown:
        _address(user, one, envelopes[one.message.pk])
        one.files = files.get(one.message.pk, []) if one.is_told else []
        if one.is_own and one.is_told and one.message.is_mass:
            one.counts = counts[one.message.pk]
        elif one.is_own and one.is_told:
            one.receipts = [Receipt(sent.mailbox.owner.name, sent.role, *receipts[one.message.pk, sent.mailbox_id]) for sent in envelopes[one.message.pk]]
            read = sum(receipt.read_at is not None for receipt in one.receipts)
            one.counts = len(one.receipts), read, sum(receipt.recalled_at is not None for receipt in one.receipts)
    return Conversation(placement, shown)


def answered_by(placement: Placement, *, to_all: bool) -> tuple[list[int], list[int]]:
    """To whom an answer goes, and with copies to whom: never to oneself, never to anybody who had a blind copy or a mass mail."""
    message, own = placement.message, placement.mailbox.owner_id
    rows = list(Envelope.objects.filter(message=message).filter(role__in=OPEN_ROLES).order_by("order").values_list("role", "mailbox__owner"))
    to = [pk for role, pk in rows if role == "to"]
    if message.sender.owner_id != own:
        to = [message.sender.owner_id, *to] if to_all else [message.sender.owner_id]
    cc = [pk for role, pk in rows if role == "cc"] if to_all else []
    to = list(dict.fromkeys(pk for pk in to if pk != own)) or [message.sender.owner_id]
    return to, [pk for pk in dict.fromkeys(cc) if pk != own and pk not in to]


def _envelopes(message_ids: Sequence[int]) -> dict[int, list[Envelope]]:
    found: dict[int, list[Envelope]] = defaultdict(list)
    for row in Envelope.objects.filter(message__in=message_ids).exclude(role="mass").select_related("mailbox__owner").order_by("order"):
        found[row.message_id].append(row)
    return found


def _address(user: Any, shown: ShownMessage, rows: Sequence[Envelope]) -> None:
    """To whom it went, as far as this reader may know: blind recipients to the sender alone."""
    if shown.message.is_mass:
        shown.to = describe_rule(shown.message.audience.rule) if shown.is_own else ""
        return
    names = {role: names_of([row.mailbox.owner.name for row in rows if row.role == role]) for role in ("to", "cc", "bcc")}
    shown.to, shown.cc = names["to"], names["cc"]
    shown.bcc = names["bcc"] if shown.is_own else ""
    shown.is_blind = not shown.is_own and any(row.role == "bcc" and row.mailbox.owner_id == user.pk for row in rows)


def mass_counts(message_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """Of mass mails: to how many they went, how many have read them, from how many they were recalled."""
    if not message_ids:
        return {}
    rows = Placement.objects.filter(message__in=message_ids, side="received").order_by().values_list("message")
    return {pk: (sent, read, recalled) for pk, sent, read, recalled in rows.annotate(Count("pk"), Count("read_at"), Count("recalled_at"))}


def _receipts(message_ids: Sequence[int]) -> dict[tuple[int, int], tuple[Any, Any]]:
    """When each recipient has read it, or it was recalled from them."""
    rows = Placement.objects.filter(message__in=message_ids, side="received").values_list("message", "mailbox", "read_at", "recalled_at")
    return {(message, mailbox): (read_at, recalled_at) for message, mailbox, read_at, recalled_at in rows}
