"""To addresses outside: claimed one by one, spoken to a smarthost, tried again for days; what came of it is told to the sender in words."""

import logging
import smtplib
import ssl
from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mail.gateway.composing import compose
from mail.gateway.connection import bounce_address, domain, sends_out, smarthost
from mail.models import Envelope, Outbound, OutwardCopy
from mail.services.journal import note_bounced, note_outward
from mail.services.mailboxes import ring_senders, settled
from mail.services.notices import put_notice
from mail.words import language_of, subject_of

logger = logging.getLogger(__name__)
LEASE, PATIENCE = timedelta(minutes=15), 60.0
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
LATER, LATE, GIVEN_UP = timedelta(hours=4), timedelta(hours=4), timedelta(days=5)
State = Outbound.State


def send_outward(rows: Sequence[Envelope]) -> None:
    """In the transaction that releases a message: it is on its way to these addresses."""
    if not rows:
        return
    Outbound.objects.bulk_create([Outbound(envelope=row, message_id=row.message_id, address=row.address) for row in rows])
    note_outward(rows[0].message, len(rows))
    transaction.on_commit(_ring)


def deliver_due() -> int:
    """Speak for everything that is due; how many. Safe in several workers: a row is leased before anybody speaks, and no transaction is open meanwhile."""
    done = 0
    while sends_out() and (outbound := _claim()) is not None:
        _deliver(outbound)
        done += 1
    return done


def report_delivery(outbound_id: int, found: dict[str, Any]) -> None:
    """What another server says of a delivery: 5.x.x ends it, 4.x.x is a delay, anything else is handed to the sender as it is."""
    outbound = _locked(outbound_id)
    status = found["status"]
    if outbound.state == State.FAILED or status.startswith("2"):
        return
    said = " ".join((found["text"] or found["subject"]).split())[:300]
    if status.startswith("5") or not status:
        _fail(outbound, f"{status} {said}".strip())
    elif not outbound.is_late_told:
        _tell_late(outbound, f"{status} {said}")


def stop_outward(message: Any) -> int:
    """What has not left yet is stopped; to how many addresses it does not go."""
    rows = Outbound.objects.filter(message=message, state=State.WAITING).filter(Q(leased_until=None) | Q(leased_until__lt=timezone.now()))
    ids = list(rows.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True))
    return int(Outbound.objects.filter(pk__in=ids).update(state=State.CANCELLED, settled_at=timezone.now()))


def _ring() -> None:
    if not sends_out():
        return
    try:
        current_app.send_task("mail.tasks.send_waiting_mail", retry=False, ignore_result=True)
    except Exception as error:  # any transport error: it is in the database
        logger.warning("the broker cannot be reached, mail to outside waits for the beat: %s", error)


@transaction.atomic
def _claim() -> Outbound | None:
    now = timezone.now()
    rows = Outbound.objects.filter(state=State.WAITING, due_at__lte=now).filter(Q(leased_until=None) | Q(leased_until__lt=now))
    outbound = rows.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",)).first()
    if outbound is not None:
        outbound.leased_until, outbound.attempts = now + LEASE, outbound.attempts + 1
        outbound.save(update_fields=["leased_until", "attempts"])
    return outbound


def _deliver(outbound: Outbound) -> None:
    try:
        content = _content(outbound)
        sender = "" if outbound.message.is_automatic else bounce_address(outbound.pk)
        code, said = speak(sender, outbound.address, content)
    except Exception as error:  # a file that is away, a key that cannot be read: ours, and tried again
        logger.exception("mail to outside could not be prepared")
        code, said = 451, f"{type(error).__name__}: {error}"[:300]
    with transaction.atomic():
        outbound = _locked(outbound.pk)
        outbound.leased_until = None
        if code < 400:
            outbound.state, outbound.settled_at, outbound.answer = State.SENT, timezone.now(), f"{code} {said}"[:500]
            outbound.save()
            _ring_sender(outbound)
        elif code >= 500 or timezone.now() > outbound.begun_at + GIVEN_UP:
            _fail(outbound, f"{code} {said}")
        else:
            wait = WAITS[outbound.attempts - 1] if outbound.attempts <= len(WAITS) else LATER
            outbound.due_at, outbound.answer = timezone.now() + wait, f"{code} {said}"[:500]
            outbound.save()
            if timezone.now() > outbound.begun_at + LATE and not outbound.is_late_told:
                _tell_late(outbound, outbound.answer)


def _locked(outbound_id: int) -> Outbound:
    """Held, and read after that."""
    Outbound.objects.select_for_update(no_key=True).get(pk=outbound_id)
    return Outbound.objects.select_related("message__sender__owner").get(pk=outbound_id)


def _content(outbound: Outbound) -> bytes:
    """Made once; every address and every repetition gets these bytes."""
    kept = OutwardCopy.objects.filter(message=outbound.message_id).first()
    if kept is None:
        kept, _is_new = OutwardCopy.objects.get_or_create(message=outbound.message, defaults={"content": compose(outbound.message)})
    return bytes(kept.content)


def speak(sender: str, address: str, content: bytes) -> tuple[int, str]:
    """The smarthost's last answer. What it says of our own sign-in or of TLS is the centre's affair, so no reason to give the mail up."""
    scheme, host, port, name, password = smarthost()
    context = ssl.create_default_context()
    try:
        made: smtplib.SMTP = (
            smtplib.SMTP_SSL(host, port, local_hostname=domain(), timeout=PATIENCE, context=context)
            if scheme == "smtps"
            else smtplib.SMTP(host, port, local_hostname=domain(), timeout=PATIENCE)
        )
        with made as server:
            server.ehlo()
            if scheme == "smtp+tls":
                server.starttls(context=context)
                server.ehlo()
            if name:
                server.login(name, password)
            try:
                server.sendmail(sender, [address], content, ["BODY=8BITMIME"] if server.has_extn("8bitmime") else [])
            except smtplib.SMTPRecipientsRefused as refused:
                return _said(*refused.recipients[address])
            except smtplib.SMTPResponseException as refused:
                return _said(refused.smtp_code, refused.smtp_error)
            return 250, ""
    except (OSError, smtplib.SMTPException) as error:
        return 451, f"{type(error).__name__}: {error}"[:300]


def _said(code: int, words: bytes | str) -> tuple[int, str]:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return (code if 400 <= code < 600 else 451), " ".join(text.split())[:400]


def _fail(outbound: Outbound, answer: str) -> None:
    outbound.state, outbound.settled_at, outbound.answer, outbound.leased_until = State.FAILED, timezone.now(), answer[:500], None
    outbound.save()
    note_bounced(outbound.message, f"{outbound.address}: {answer}")
    _tell(outbound, _FAILED)
    _ring_sender(outbound)


def _tell_late(outbound: Outbound, answer: str) -> None:
    outbound.is_late_told, outbound.answer = True, answer[:500]
    outbound.save(update_fields=["is_late_told", "answer"])
    _tell(outbound, _LATE)


def _tell(outbound: Outbound, kind: int) -> None:
    """In the sender's language; nobody is told of what was sent by itself."""
    message = outbound.message
    if message.sender is None or message.is_automatic:
        return
    with translation.override(language_of(message.sender.owner)):
        words = {"address": outbound.address, "subject": subject_of(message)}
        subject = _("Not delivered: %(subject)s") % words if kind == _FAILED else _("Not delivered yet: %(subject)s") % words
        first = (
            _("Your message “%(subject)s” could not be delivered to %(address)s.") % words
            if kind == _FAILED
            else _("Your message “%(subject)s” has not reached %(address)s yet. It is tried again for five days; there is nothing to do.") % words
        )
        lines = [first, reason_in_words(outbound.answer), _("The other server says: %(answer)s") % {"answer": outbound.answer}]
        put_notice(message.sender, subject=subject, body="".join(f"<p>{escape(line)}</p>" for line in lines), about=message)


_FAILED, _LATE = 1, 2


def reason_in_words(answer: str) -> str:
    """What a code means for who wrote it (RFC 3463)."""
    for codes, sentence in (
        (("5.1.1", "5.1.6", "5.1.10", "4.1.1"), _("There is no such address. Look whether it is written right, or ask by telephone.")),
        (("5.1.2", "5.4.4"), _("There is no such domain: what stands behind the @ is wrong, or is not in use any more.")),
        (("5.2.2", "4.2.2"), _("The mailbox there is full.")),
        (("5.3.4", "5.2.3"), _("It is too large for the server there. Send the files by another way.")),
        (("5.7.", "4.7."), _("The server there refuses mail of this kind or from this plant. Tell the computer centre.")),
        (("4.4.", "451", "4.3."), _("The server could not be reached, or has no time just now.")),
    ):
        if any(code in answer for code in codes):
            return sentence
    if answer.startswith("550"):
        return _("There is no such address. Look whether it is written right, or ask by telephone.")
    return _("The server there has refused it.")


def _ring_sender(outbound: Outbound) -> None:
    ring_senders([outbound.message_id], settled(outbound.message_id))
