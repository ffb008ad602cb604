"""A conversation as one person has it: their own placements alone, each with what they may see of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from mail.models import OPEN_ROLES, Envelope, Foreign, Placement
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
    outbound: Any = None  # of an address outside
    instead_of: str = ""  # of a deputy


@dataclass(slots=True)
class ShownMessage:
    """One message; `receipts` are the sender's alone, `is_blind` says that the reader had a blind copy."""

    placement: Any
    is_own: bool
    to: str = ""
    cc: str = ""
    bcc: str = ""
    is_blind: bool = False
    instead_of: str = ""  # for whom the reader stands in
    files: Sequence[Attachment] = ()
    remarks: Sequence[str] = ()  # what is to be known of one from outside
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
        outside = [receipt.outbound for receipt in self.receipts if receipt.outbound is not None]
        known = sum(1 + (outbound.state == "failed") for outbound in outside if outbound.state != "waiting")
        return self.read_count + self.recalled_count + known

    @property
    def may_recall(self) -> bool:
        leaving = any(receipt.outbound is not None and receipt.outbound.state == "waiting" for receipt in self.receipts)
        return self.is_own and (self.unread_count > 0 or leaving) and self.message.sent_at > timezone.now() - RECALLED_WITHIN


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
        return self.last is not None and sum(map(len, answered_by(self.last.placement, to_all=True)[:2])) > 1


def read_conversation(user: Any, placement: Placement) -> Conversation:
    """Whether the placement may be seen is for the caller to ask. What lies in the bin is shown where the placement does."""
    rows = (
        Placement.objects.of(user).shown_with(placement).select_related("message__sender__owner__profile", "message__audience", "message__foreign", "mailbox")
    )
    by_message: dict[int, Placement] = {}
    for row in rows.order_by("message_id", "side"):  # what one sent to oneself is received first, and stands once
        by_message.setdefault(row.message_id, row)
    shown = [ShownMessage(row, row.message.writer_id == user.pk) for row in by_message.values()]
    told = [one for one in shown if one.is_told]
    files = shown_on_each([one.message for one in told])
    envelopes = _envelopes([one.message.pk for one in shown if one.placement.recalled_at is None])
    counts = mass_counts([one.message.pk for one in told if one.is_own and one.message.is_mass])
    receipts = _receipts([one.message.pk for one in told if one.is_own and not one.message.is_mass])
    for one in shown:
        _address(user, one, envelopes[one.message.pk])
        one.remarks = remarks_on(one.message.foreign) if one.message.is_foreign else ()
        one.files = files.get(one.message.pk, []) if one.is_told else []
        if one.is_own and one.is_told and one.message.is_mass:
            one.counts = counts[one.message.pk]
        elif one.is_own and one.is_told:
            one.receipts = [_receipt(sent, receipts) for sent in envelopes[one.message.pk]]
            inside = [receipt for receipt in one.receipts if receipt.outbound is None]
            read = sum(receipt.read_at is not None for receipt in inside)
            one.counts = len(inside), read, sum(receipt.recalled_at is not None for receipt in inside)
    return Conversation(placement, shown)


def answered_by(placement: Placement, *, to_all: bool) -> tuple[list[int], list[int], list[str]]:
    """To whom an answer goes, with copies to whom, and to which addresses outside: never to oneself, never to anybody who had a blind copy or a mass mail."""
    message, own = placement.message, placement.mailbox.owner_id
    rows = list(Envelope.objects.filter(message=message).filter(role__in=OPEN_ROLES).order_by("order").values_list("role", "mailbox__owner", "address"))
    to = [pk for role, pk, _address in rows if role == "to" and pk is not None]
    outside = [address for _role, _pk, address in rows if address]
    writer = message.writer_id
    if writer != own:
        to = [*([writer] if writer is not None else []), *(to if to_all else [])]
        outside = outside if to_all else []
    if message.is_foreign:
        outside = [message.foreign.reply_to or message.foreign.address, *outside]
    cc = [pk for role, pk, _address in rows if role == "cc" and pk is not None] if to_all else []
    to = list(dict.fromkeys(pk for pk in to if pk != own)) or ([writer] if writer is not None and not outside else [])
    return to, [pk for pk in dict.fromkeys(cc) if pk != own and pk not in to], [address for address in dict.fromkeys(outside) if address]


def remarks_on(foreign: Foreign) -> list[str]:
    """What its reader has to know of a message from outside, the gravest first."""
    remarks: list[str] = []
    if foreign.raw_id is None:
        return remarks
    if foreign.claims == "domain":
        remarks.append(_("It says that it comes from an address of this plant. It does not: it came from outside. Trust nothing in it."))
    elif foreign.claims == "name":
        remarks.append(_("Its sender bears the name of a colleague, and writes from outside. Ask by telephone before you do what it wants."))
    if foreign.note == "capped":
        remarks.append(_("It is built as no mail program builds one. Only its first lines are shown; the whole is in the .eml file."))
    elif foreign.note == "unread":
        remarks.append(_("It could not be read. Only its first lines are shown; the whole is in the .eml file."))
    elif foreign.note == "cut":
        remarks.append(_("It is very long and shown without its form. The whole is in the .eml file."))
    if foreign.has_remote:
        remarks.append(_("Pictures that lie on other servers are not fetched: they would tell who has read it, and when."))
    return remarks


def _envelopes(message_ids: Sequence[int]) -> dict[int, list[Envelope]]:
    found: dict[int, list[Envelope]] = defaultdict(list)
    rows = Envelope.objects.filter(message__in=message_ids).exclude(role="mass")
    for row in rows.select_related("mailbox__owner", "instead_of__owner", "outbound").order_by("order"):
        found[row.message_id].append(row)
    return found


def _address(user: Any, shown: ShownMessage, rows: Sequence[Envelope]) -> None:
    """To whom it went, as far as this reader may know: blind recipients to the sender alone."""
    if shown.message.is_mass:
        shown.to = describe_rule(shown.message.audience.rule) if shown.is_own else ""
        return
    names = {role: names_of([row.name for row in rows if row.role == role]) for role in ("to", "cc", "bcc")}
    own = next((row for row in rows if row.mailbox is not None and row.mailbox.owner_id == user.pk), None)
    if own is not None and own.instead_of is not None:
        shown.instead_of = own.instead_of.owner.name
    if shown.message.is_foreign:
        shown.to, shown.cc = shown.message.foreign.to_line or names["to"], shown.message.foreign.cc_line
        return
    shown.to, shown.cc = names["to"], names["cc"]
    shown.bcc = names["bcc"] if shown.is_own else ""
    shown.is_blind = not shown.is_own and own is not None and own.role == "bcc"


def _receipt(sent: Envelope, receipts: dict[tuple[int, int], tuple[Any, Any]]) -> Receipt:
    if sent.mailbox_id is None:
        return Receipt(sent.address, sent.role, None, None, outbound=sent.outbound)
    instead_of = sent.instead_of.owner.name if sent.instead_of is not None else ""
    return Receipt(sent.name, sent.role, *receipts[sent.message_id, sent.mailbox_id], instead_of=instead_of)


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
