"""Mail, written by the services, as the tests need it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from mail.gateway.decoding import read_mail
from mail.models import Draft, Message, Placement, RawMail
from mail.services.drafts import begin_draft
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import open_conversation
from mail.services.sending import send_draft, send_now
from mail.services.taking_in import take_in
from portal.access.rules import AudienceRule
from portal.accounts.models import User
from portal.outbox.models import Effect
from portal.outbox.services import drain

SUBJECT, BODY = "3 号机组端部落丝超标", "<p>请设备科和车间协助查找原因。</p>"


def fresh(person: User) -> User:
    """As a new request loads somebody: nothing is remembered."""
    return User.objects.get(pk=person.pk)


def make_draft(
    sender: User,
    *to: User,
    cc: Sequence[User] = (),
    bcc: Sequence[User] = (),
    subject: str = SUBJECT,
    body: str = BODY,
    answers: Message | None = None,
) -> Draft:
    ensure_mailboxes()
    values = {"subject": subject, "body": body, "to": [one.pk for one in to], "cc": [one.pk for one in cc], "bcc": [one.pk for one in bcc]}
    manner = Draft.Manner.REPLY if answers is not None else Draft.Manner.NEW
    return begin_draft(actor=sender, key=uuid4(), values=values, answers=answers, manner=manner)


def send(sender: User, *to: User, **values: Any) -> Message:
    """Sent at once, without the ten seconds."""
    return send_now(actor=sender, draft=send_draft(actor=sender, draft=make_draft(sender, *to, **values)))


def received(message: Message, person: User) -> Placement:
    return Placement.objects.select_related("message__sender__owner", "mailbox").get(message=message, mailbox__owner=person, side="received")


def sent(message: Message) -> Placement:
    return Placement.objects.select_related("message__sender__owner", "mailbox").get(message=message, side="sent")


def open_it(message: Message, person: User) -> Placement:
    """Opened by its recipient."""
    open_conversation(actor=person, placement=received(message, person))
    return received(message, person)


def make_due(draft: Draft) -> Draft:
    """As if its ten seconds had passed."""
    past = timezone.now() - timedelta(seconds=1)
    Draft.objects.filter(pk=draft.pk).update(due_at=past)
    Effect.objects.filter(kind="mail.release").update(due_at=past)
    return Draft.objects.get(pk=draft.pk)


LETTER = "\r\n".join((
    "From: 赵立 <zhaoli@supplier.example>", "To: wangwei@plant.local", "Subject: 报价单", "Message-ID: <1@supplier.example>",
    "Content-Type: multipart/mixed; boundary=x", "", "--x", "", "您好，报价见附件。", "--x",
    'Content-Disposition: attachment; filename="报价.txt"', "", "12 元", "--x--", "",
))  # fmt: skip


def make_foreign(*people: User, content: str = LETTER, mail_from: str = "zhaoli@supplier.example") -> Message:
    """As if the gateway had taken it in and a worker had read it."""
    ensure_mailboxes()
    recipients = [[one.mailbox.pk, f"{one.mailbox.addresses.all()[0].local}@plant.local"] for one in people]
    raw = content.encode()
    kept = RawMail.objects.create(key=uuid4().bytes, content=raw, size=len(raw), peer="192.0.2.1", mail_from=mail_from, recipients=recipients, state="read")
    message = take_in(kept, read_mail(raw))
    assert message is not None
    return message


def mass_draft(sender: User, rule: AudienceRule, subject: str = "科务会") -> Draft:
    ensure_mailboxes()
    return begin_draft(actor=fresh(sender), key=uuid4(), values={"subject": subject, "body": BODY, "rule": rule}, manner=Draft.Manner.MASS)


def send_mass(sender: User, rule: AudienceRule, **values: str) -> Message:
    """Sent, and delivered by the worker."""
    draft = make_due(send_draft(actor=sender, draft=mass_draft(sender, rule, **values)))
    drain()
    return Message.objects.get(draft_key=draft.key)
