"""Writing the journal, in the transaction of what it is about; looking into it, with a reason and on record."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mail.capabilities import may_look
from mail.errors import MailError
from mail.models import Draft, JournalEntry, Look, Mailbox, Message
from portal.audit.services import record

OPEN_FOR = timedelta(minutes=30)
Kind = JournalEntry.Kind


def note_sent(message: Message, recipients: int) -> None:
    content = hashlib.sha256(f"{message.subject}\x00{message.body}".encode()).digest()
    _note(Kind.INSIDE, message, recipients, at=message.sent_at, content_digest=content, envelope_digest=envelope_digest(message))


def note_received(message: Message, content: bytes, mail_from: str, recipients: int) -> None:
    """What came from outside; the digest is of the bytes as they came."""
    JournalEntry.objects.create(
        kind=Kind.IN, message=message, sender_label=(mail_from or "<>")[:320], recipients=recipients, size=message.size, at=message.sent_at,
        content_digest=hashlib.sha256(content).digest(), envelope_digest=envelope_digest(message),
    )  # fmt: skip


def note_outward(message: Message, recipients: int) -> None:
    """That it is to leave the plant, beside the entry for all of its envelope."""
    _note(Kind.OUT, message, recipients)


def note_bounced(message: Message, answer: str) -> None:
    _note(Kind.BOUNCED, message, 1, answer=answer[:500])


def note_recalled(message: Message, recipients: int) -> None:
    _note(Kind.RECALLED, message, recipients)


def note_refused(draft: Draft, answer: str) -> None:
    """What was due and could not go."""
    recipients = draft.reach or 0 if draft.is_mass else len(draft.recipient_ids) + len(draft.outside)
    JournalEntry.objects.create(kind=Kind.REFUSED, sender=draft.mailbox, sender_label=_label(draft.mailbox), recipients=recipients, answer=answer[:500])


def envelope_digest(message: Message) -> bytes:
    """Over who got it and how, in the order of the envelope; deputies got it afterwards."""
    digest = hashlib.sha256()
    for mailbox, address, role in message.envelope.exclude(role="deputy").order_by("order", "id").values_list("mailbox", "address", "role").iterator():
        digest.update(f"{mailbox or address} {role}\n".encode())
    return digest.digest()


@transaction.atomic
def begin_look(*, actor: Any, entry: JournalEntry, reason: str) -> Look:
    """Look into one message that is kept: needs its own right and a reason, and stands on record. It is open for half an hour."""
    if not may_look(actor):
        raise MailError(_("To look into kept mail needs a right of its own, which administrators have to be granted by name too."))
    if entry.message_id is None:
        raise MailError(_("Nothing was sent, so there is nothing to look into."))
    words = " ".join(reason.split())
    if not words:
        raise MailError(_("Say why you look into it."))
    look = Look.objects.create(entry=entry, by=actor, reason=words[:300])
    record(actor, "mail.looked", entry, after={"look": look.pk, "sender": entry.sender_label}, reason=words)
    return look


def is_open(look: Look) -> bool:
    return look.at > timezone.now() - OPEN_FOR


def _note(kind: str, message: Message, recipients: int, **more: Any) -> None:
    label = _label(message.sender) if message.sender is not None else message.writer
    JournalEntry.objects.create(
        kind=kind, message=message, sender_id=message.sender_id, sender_label=label[:320], recipients=recipients, size=message.size, **more
    )


def _label(mailbox: Mailbox) -> str:
    return f"{mailbox.owner.name} ({mailbox.owner.employee_number})"
