"""Being away: each who writes is answered once (RFC 3834), and the deputy of the post gets what comes, where its owner wants that.

Nothing that is automatic is answered, so that those who are away never answer one another for ever; nor is a mass mail, which the deputy has anyway.
"""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from mail.errors import MailError
from mail.gateway.connection import sends_out
from mail.models import LONGEST_SUBJECT, Away, AwayAnswer, Envelope, Mailbox, Message, Placement
from mail.models.messages import ROW
from mail.services.journal import note_sent
from mail.services.mailboxes import lock_mailboxes, mailbox_of, ring_mailboxes
from mail.services.outward import send_outward
from mail.words import language_of, subject_of
from portal.accounts.models import User
from portal.audit.services import record, snapshot
from portal.organization.models import Deputyship, Employment
from portal.organization.querysets import today
from portal.outbox.services import enqueue
from portal.search.services import touch

ANSWER = "mail.answer_for_absent"
FIELDS = ("starts_on", "ends_on", "answer", "passes_on", "answers_outside")


def absence_of(mailbox: Mailbox) -> Away | None:
    """The one that is set: it lasts, or is to come."""
    return Away.objects.filter(mailbox=mailbox, ends_on__gte=today()).order_by("starts_on").first()


def deputies_of(user: Any, day: date | None = None) -> list[User]:
    """Who stands in for the posts of somebody on a day, each once."""
    employments = Employment.objects.on(day or today()).filter(person=user.pk)
    rows = Deputyship.objects.on(day or today()).filter(employment__in=employments, deputy__is_active=True).select_related("deputy").order_by("pk")
    return list({row.deputy_id: row.deputy for row in rows if row.deputy_id != user.pk}.values())


@transaction.atomic
def set_absence(*, actor: Any, values: dict[str, Any]) -> Away:
    """One at a time: what was set before is changed. Refuses days that have passed."""
    mailbox = Mailbox.objects.select_for_update(no_key=True).get(pk=mailbox_of(actor).pk)
    if values["ends_on"] < values["starts_on"]:
        raise MailError(_("The last day is before the first."))
    if values["ends_on"] < today():
        raise MailError(_("These days have passed. Give a last day that is still to come."))
    if not values["answer"].strip():
        raise MailError(_("Say what is answered: until when you are away, and who helps meanwhile."))
    away = absence_of(mailbox) or Away(mailbox=mailbox)
    before = snapshot(away, *FIELDS) if away.pk else {}
    for name in FIELDS:
        setattr(away, name, values[name])
    away.save()
    record(actor, "mail.away", away, before=before, after=snapshot(away, *FIELDS))
    return away


@transaction.atomic
def end_absence(*, actor: Any) -> None:
    """One is back: nothing is answered or passed on any more."""
    away = absence_of(Mailbox.objects.select_for_update(no_key=True).get(pk=mailbox_of(actor).pk))
    if away is None:
        raise MailError(_("No absence is set."))
    record(actor, "mail.back", away, before=snapshot(away, *FIELDS))
    away.delete()


def answer_later(message: Message, mailbox_ids: Sequence[int]) -> None:
    """In the transaction that places a message: those of its recipients who are away are dealt with after it."""
    if message.is_automatic or message.is_mass:
        return
    if _lasting(mailbox_ids).exists():
        enqueue(ANSWER, {"message": message.pk})


@transaction.atomic
def answer_for_absent(message_id: int) -> None:
    """Pass it on and answer it, for each recipient who is away. Again it does nothing."""
    message = Message.objects.select_related("sender__owner").get(pk=message_id)
    received = Placement.objects.filter(message=message, side="received")
    absences = list(_lasting(list(received.values_list("mailbox", flat=True))))
    mailboxes = {away.pk: [Mailbox.objects.get(owner=person) for person in deputies_of(away.mailbox.owner) if hasattr(person, "mailbox")] for away in absences}
    lock_mailboxes([away.mailbox_id for away in absences] + [box.pk for boxes in mailboxes.values() for box in boxes] + [message.sender_id or 0])
    roles = dict(Envelope.objects.filter(message=message).values_list("mailbox", "role"))
    for away in absences:
        if roles.get(away.mailbox_id) == "deputy":
            continue  # what came for another is passed on no further
        deputies = _pass_on(message, away, mailboxes[away.pk]) if away.passes_on else []
        _answer(message, away, deputies)


def _lasting(mailbox_ids: Sequence[int]) -> Any:
    day = today()
    rows = Away.objects.filter(mailbox__in=list(mailbox_ids), starts_on__lte=day, ends_on__gte=day, mailbox__owner__is_active=True)
    return rows.select_related("mailbox__owner").order_by("pk")


def _pass_on(message: Message, away: Away, deputies: Sequence[Mailbox]) -> list[Mailbox]:
    """A placement for each deputy who has none yet. What was recalled meanwhile goes nowhere: the row decides."""
    own = Placement.objects.filter(message=message, mailbox=away.mailbox, side="received").select_for_update(of=("self",)).get()
    if own.recalled_at is not None:
        return []
    have = set(Envelope.objects.filter(message=message, mailbox__in=deputies).values_list("mailbox", flat=True)) | {message.sender_id}
    new = [box for box in deputies if box.pk not in have]
    last = Envelope.objects.filter(message=message).aggregate(last=Max("order"))["last"] or 0
    for order, box in enumerate(new, last + 1):
        Envelope.objects.create(message=message, mailbox=box, role="deputy", instead_of=away.mailbox, order=order)
        Placement.objects.create(message=message, mailbox=box, thread=message.thread, size=message.size, side="received", place="inbox")
    ring_mailboxes([box.pk for box in new])
    return new


def _answer(message: Message, away: Away, deputies: Sequence[Mailbox]) -> None:
    """Once to each who writes. To somebody outside only where its owner wants that and their own address stood in the letter."""
    if message.sender_id == away.mailbox_id:
        return
    if message.sender is None:
        address = message.foreign.address
        named = Envelope.objects.filter(message=message, mailbox=away.mailbox, role__in=("to", "cc")).exists()
        if not (away.answers_outside and named and address and sends_out()):
            return
    correspondent = str(message.sender_id) if message.sender is not None else message.foreign.address
    _row, is_new = AwayAnswer.objects.get_or_create(away=away, correspondent=correspondent)
    if not is_new:
        return
    answer = _write_answer(message, away, deputies)
    if message.sender is None:
        sent_to = Envelope.objects.create(message=answer, address=message.foreign.address, role="to")
        send_outward([sent_to])
    else:
        Envelope.objects.create(message=answer, mailbox=message.sender, role="to")
        Placement.objects.create(message=answer, mailbox=message.sender, thread=answer.thread, size=answer.size, side="received", place="inbox")
    own = Placement.objects.create(message=answer, mailbox=away.mailbox, thread=answer.thread, size=answer.size, side="sent", place="sent")
    touch(Placement, [own.pk])
    note_sent(answer, 1)
    ring_mailboxes([away.mailbox_id, *([message.sender_id] if message.sender_id else [])])


def _write_answer(message: Message, away: Away, deputies: Sequence[Mailbox]) -> Message:
    with translation.override(language_of(message.sender.owner) if message.sender is not None else settings.LANGUAGE_CODE):
        subject = _("Automatic answer: %(subject)s") % {"subject": subject_of(message)}
        said = [*away.answer.splitlines()]
        if deputies:
            names = _(", ").join(box.owner.name for box in deputies)
            said.append(_("Your message was passed on to %(people)s, who stands in meanwhile.") % {"people": names})
    body = "".join(f"<p>{escape(line)}</p>" for line in said if line.strip())
    return Message.objects.create(
        sender=away.mailbox, subject=subject[:LONGEST_SUBJECT], body=body, parent=message, thread=message.thread, draft_key=uuid4(),
        size=ROW + len(body.encode()), is_automatic=True,
    )  # fmt: skip
