"""What the gateway asks of the database: who gets it, whether there is room, and taking it in. What was taken in is on disk once this has returned."""

import hashlib
import logging
import re
from dataclasses import dataclass, field
from datetime import timedelta

from celery import current_app
from django.db import connection, transaction
from django.utils import timezone

from mail.gateway.connection import BOUNCE, is_ours, outbound_of
from mail.models import JournalEntry, Outbound, RawMail
from mail.models.messages import ROW
from portal.foundation.locks import wait_for

logger = logging.getLogger(__name__)
ROUND = 20.0  # seconds from one look of the beat to the next
REPEATED_WITHIN, REPEATED_WITHOUT_ID = 7 * 24 * 3600, 900  # seconds; a device's alarms without date and number may well be alike
HAS_ID = re.compile(rb"^(?:message-id|date):", re.IGNORECASE | re.MULTILINE)
RECEIVED = re.compile(rb"^received:", re.IGNORECASE | re.MULTILINE)
ODD_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")
MOST_HOPS = 50
MOST_REFUSALS = 10_000  # rows of the journal in an hour: a storm of guesses is counted in the log, not in the journal
POSTMASTER = ("postmaster", "abuse")
FIND = """
    SELECT mailbox.id, mailbox.used, mailbox."limit" FROM mail_address address JOIN mail_mailbox mailbox ON mailbox.id = address.mailbox_id
    JOIN accounts_user person ON person.id = mailbox.owner_id WHERE address.local = %s AND person.is_active
"""
FIND_POSTMASTERS = """
    SELECT mailbox.id, mailbox.used, mailbox."limit" FROM mail_mailbox mailbox JOIN accounts_user person ON person.id = mailbox.owner_id
    WHERE person.is_active AND person.is_superuser ORDER BY mailbox.id LIMIT 5
"""


@dataclass(slots=True)
class Taken:
    """Whom a mail is for, gathered from one RCPT to the next."""

    mailboxes: dict[int, str] = field(default_factory=dict)  # and how they were written
    answers: int | None = None


def judge_recipient(address: str, size: int, taken: Taken) -> str:
    """The answer to RCPT. Unknown is 550; without room it is 452, so that the other server tries again. Room is judged here and never after DATA."""
    local, _at, domain = address.strip().lower().rpartition("@")
    if not local or not is_ours(domain):
        return "550 5.7.1 This server does not relay"
    if local.startswith(BOUNCE):
        outbound = outbound_of(local)
        if outbound is None or not Outbound.objects.filter(pk=outbound).exists():
            return "550 5.1.1 There is no such address here"
        taken.answers = outbound
        return "250 2.1.5 OK"
    with connection.cursor() as cursor:
        if local in POSTMASTER:
            cursor.execute(FIND_POSTMASTERS)
        else:
            cursor.execute(FIND, [local.partition("+")[0]])
        rows = cursor.fetchall()
    if not rows:
        return "550 5.1.1 There is no such address here"
    if local not in POSTMASTER and rows[0][1] + size + ROW > rows[0][2]:
        return "452 4.2.2 The mailbox is full, try again later"
    for mailbox, _used, _limit in rows:
        taken.mailboxes.setdefault(mailbox, f"{local}@{domain}"[:320])
    return "250 2.1.5 OK"


def judge_content(content: bytes) -> str:
    """What is refused once it is there: line ends by which a second message could be smuggled in, and what goes round in circles. Else nothing."""
    if ODD_END.search(content):
        return "554 5.6.0 Lines end with CR LF and nothing else"
    head = content.partition(b"\r\n\r\n")[0]
    return "554 5.4.6 Too many hops: this message goes round in circles" if len(RECEIVED.findall(head)) > MOST_HOPS else ""


def take(content: bytes, *, mail_from: str, peer: str, is_device: bool, taken: Taken) -> bool:
    """Keep it, for as long as it takes a worker to read it and for ever after; False where it is here already. Returns when it is on disk."""
    recipients = sorted(taken.mailboxes.items())
    key = hashlib.sha256(b"\0".join([mail_from.encode(), repr((recipients, taken.answers)).encode(), content])).digest()
    window = REPEATED_WITHIN if HAS_ID.search(content.partition(b"\r\n\r\n")[0]) else REPEATED_WITHOUT_ID
    with transaction.atomic():
        wait_for(int.from_bytes(key[:8], "big", signed=True))  # two connections that bring the same at once take turns
        if RawMail.objects.filter(key=key, at__gt=timezone.now() - timedelta(seconds=window)).exists():
            return False
        RawMail.objects.create(
            key=key, content=content, size=len(content), peer=peer[:64], mail_from=mail_from[:320], recipients=recipients,
            is_device=is_device, answers_id=taken.answers,
        )  # fmt: skip
    return True


def note_refusal(mail_from: str, peer: str, address: str, answer: str) -> None:
    """Into the journal, as long as it is no storm."""
    hour = timezone.now() - timedelta(hours=1)
    if JournalEntry.objects.filter(kind="refused", sender=None, at__gt=hour)[:MOST_REFUSALS].count() < MOST_REFUSALS:
        said = f"{answer} [{peer}] {address}"
        JournalEntry.objects.create(kind="refused", sender_label=(mail_from or "<>")[:320], recipients=1, answer=said[:500])


def ring_for_reading() -> None:
    """A worker reads what waits; where the broker is away, the beat's round finds it."""
    try:
        current_app.send_task("mail.tasks.read_waiting_mail", retry=False, ignore_result=True, expires=ROUND)
    except Exception as error:  # any transport error: what was taken in is in the database
        logger.warning("the broker cannot be reached, mail waits for the beat: %s", error)
