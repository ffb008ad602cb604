"""What came from outside becomes a message, marked where it claims to be of the plant; a report of a delivery is told to whoever sent what it is about."""

import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from html import escape
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from mail.gateway.connection import domain, is_ours
from mail.gateway.reading import read_raw
from mail.models import LONGEST_SUBJECT, Envelope, Foreign, Message, Placement, RawMail
from mail.models.messages import ROW
from mail.services.absences import answer_later
from mail.services.journal import note_received
from mail.services.mailboxes import lock_mailboxes, ring_mailboxes
from mail.services.outward import report_delivery
from portal.accounts.models import User
from portal.foundation.rich_text import RichTextTooLongError, clean_html
from portal.foundation.rich_text.forms import paragraphs_of
from portal.outbox.troubles import FEW_TRIES, is_everybodys, reason_of

AT_ONCE = 20
LONGEST_SHOWN, MOST_DAYS = 200_000, 36_500
PICTURES = re.compile(r"<img\b[^>]*>")
OWN_ID = re.compile(r"<([0-9a-f]{32})@([^>]+)>")


def take_in_waiting(*, limit: int | None = None) -> int:
    """What waits now, oldest first, or about `limit` of it; how many. Safe in several workers at once: each locks what it reads.

    What comes meanwhile is left to the next turn, so that a worker is never kept from everything else by mail that does not end.
    """
    last = RawMail.objects.filter(state="waiting").aggregate(last=Max("pk"))["last"] or 0
    done = 0
    while (limit is None or done < limit) and (taken := _take_in_some(last)):
        done += taken
    return done


@transaction.atomic
def _take_in_some(last: int) -> int:
    rows = list(RawMail.objects.filter(state="waiting", pk__lte=last).order_by("pk").select_for_update(skip_locked=True, of=("self",))[:AT_ONCE])
    for raw, found in zip(rows, read_raw([bytes(raw.content) for raw in rows]), strict=True):
        try:
            with transaction.atomic():
                take_in(raw, found)
        except Exception as error:  # one mail never holds up the others
            if is_everybodys(error):
                raise
            raw.tries += 1
            raw.state, raw.problem = "aside" if raw.tries >= FEW_TRIES else "waiting", reason_of(error)[:500]
        else:
            raw.state, raw.problem = "read", ""
        raw.save(update_fields=["state", "tries", "problem"])
    return len(rows)


@transaction.atomic
def take_in(raw: RawMail, found: dict[str, Any]) -> Message | None:
    """One mail, once it was read. A report of a delivery goes to whoever sent what it is about."""
    if raw.answers_id is not None:
        report_delivery(raw.answers_id, found)
        if not raw.recipients:
            return None
    mailboxes = lock_mailboxes([pk for pk, _written in raw.recipients])
    message = Message.objects.create(
        subject=found["subject"][:LONGEST_SUBJECT], body=_body(found), parent=(parent := _parent(found)), thread=parent.thread if parent else uuid4(),
        draft_key=uuid4(), size=raw.size + ROW, has_files=bool(found["parts"]), is_automatic=found["is_automatic"] or not raw.mail_from,
        sent_at=raw.at,
    )  # fmt: skip
    _note_sender(message, raw, found)
    roles = {pk: _role(written, found) for pk, written in raw.recipients}
    Envelope.objects.bulk_create([Envelope(message=message, mailbox_id=pk, role=roles[pk], order=order) for order, pk in enumerate(mailboxes)])
    common = {"message": message, "thread": message.thread, "size": message.size, "side": "received", "place": "inbox"}
    Placement.objects.bulk_create([Placement(mailbox_id=pk, **common) for pk in mailboxes])
    note_received(message, bytes(raw.content), raw.mail_from, len(mailboxes))
    answer_later(message, list(mailboxes))
    ring_mailboxes(mailboxes)
    return message


def _body(found: dict[str, Any]) -> str:
    """As one of our own texts: nothing of it is fetched, run or drawn over the page. Pictures of it are among its files."""
    if found["note"]:
        return f"<pre>{escape(found['text'])}</pre>"
    try:
        html = clean_html(found["html"] or paragraphs_of(found["text"]))
    except RichTextTooLongError:
        html = f"<pre>{escape((found['text'] or re.sub(r'<[^>]{0,2000}>', ' ', found['html']))[:LONGEST_SHOWN])}</pre>"
        found["cut"] = True
    return PICTURES.sub("", html)


def _note_sender(message: Message, raw: RawMail, found: dict[str, Any]) -> None:
    Foreign.objects.create(
        message=message, raw=raw, name=found["name"][:200], address=found["address"], reply_to=found["reply_to"], to_line=found["to"], cc_line=found["cc"],
        reference=found["message_id"][:250], dated_at=_dated(found["date"]), claims=_claims(raw, found), is_device=raw.is_device,
        has_remote=found["has_remote"], note=found["note"] or ("cut" if found.get("cut") else ""), parts=found["parts"],
    )  # fmt: skip


def _claims(raw: RawMail, found: dict[str, Any]) -> str:
    """Whether it says that it is of this plant: by its address, or by the name of somebody who works here. Devices of the plant are believed."""
    if raw.is_device:
        return ""
    if is_ours(found["address"].rpartition("@")[2]):
        return "domain"
    name = "".join(found["name"].split())
    if is_ours(name.lower().rpartition("@")[2].strip("<>")) and "@" in name:
        return "domain"
    return "name" if name and User.objects.employees().active().filter(name=name).exists() else ""


def _role(written: str, found: dict[str, Any]) -> str:
    """As its own lines say; who stands in none of them got it blind."""
    local = written.partition("@")[0]
    for role in ("to", "cc"):
        if re.search(rf"(?:^|[\s<,;:\"']){re.escape(local)}@", found[role], re.IGNORECASE):
            return role
    return "bcc"


def _parent(found: dict[str, Any]) -> Message | None:
    """What it answers: by its ids alone, never by the subject, and only where whoever wrote it takes part in that conversation already."""
    for reference in found["answers"]:
        own = OWN_ID.fullmatch(reference)
        known = Q(draft_key=UUID(hex=own[1]), sender__isnull=False) if own and own[2].lower() == domain() else Q(foreign__reference=reference)
        message = Message.objects.filter(known).order_by("pk").first()
        if message is None or not found["address"]:
            continue
        wrote = Foreign.objects.filter(message__thread=message.thread, address=found["address"])
        if wrote.exists() or Envelope.objects.filter(message__thread=message.thread, address=found["address"]).exists():
            return message
    return None


def _dated(written: str) -> Any:
    try:
        moment = parsedate_to_datetime(written)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment if abs((moment - timezone.now()).days) < MOST_DAYS else None
