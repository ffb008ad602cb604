"""Sending: ten seconds to take it back, or a moment of one's choosing; then one transaction, in which all placements are made."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mail.capabilities import may_write_outside
from mail.errors import FullError, MailError, RecipientError, SentError
from mail.gateway.connection import greatest
from mail.limits import limits_of
from mail.models import Draft, Envelope, Mailbox, Message, Placement
from mail.models.messages import ROW
from mail.notifications import NOT_SENT
from mail.reaching import may_send_mass, outside_scope, people_reached
from mail.services.absences import answer_later
from mail.services.drafts import locked_draft
from mail.services.journal import note_refused, note_sent
from mail.services.mailboxes import ensure_mailboxes, lock_mailboxes, ring_mailboxes
from mail.services.massing import place_mass
from mail.services.outward import send_outward
from portal.accounts.models import User
from portal.attachments.queries import attachments_on
from portal.attachments.services import move_files
from portal.audit.services import record
from portal.notifications.services import notify
from portal.outbox.services import enqueue
from portal.search.services import touch

RELEASE = "mail.release"
TIME_TO_TAKE_BACK = timedelta(seconds=10)
LATEST = timedelta(days=366)
MOST_NAMED = 5
OWN_FULL = gettext_lazy("Your mailbox is full. Empty the bin, or delete what is largest; then send it.")
TOO_LATE = gettext_lazy("Too late: the message was sent. What nobody has read yet can still be recalled.")


@transaction.atomic
def send_draft(*, actor: Any, draft: Draft, due_at: datetime | None = None, reach: int | None = None) -> Draft:
    """Let it go in ten seconds, or at `due_at`. Refuses, before anything is written, where it would not arrive; already waiting it stays as it is.

    `reach` is how many people the sender of a mass mail was told that it comes to.
    """
    draft = locked_draft(draft)
    if draft.is_waiting:
        return draft
    now = timezone.now()
    if due_at is not None and not now < due_at < now + LATEST:
        raise MailError(_("Choose a time to come, within a year."))
    _check_mass(draft) if draft.is_mass else _check(draft)
    _check_limits(draft)
    draft.state, draft.due_at = Draft.State.WAITING, max(due_at or now, now + TIME_TO_TAKE_BACK)
    draft.version, draft.problem, draft.reach = draft.version + 1, "", reach
    draft.save(update_fields=["state", "due_at", "version", "problem", "reach"])
    enqueue(RELEASE, {"draft": draft.pk, "version": draft.version}, due_at=draft.due_at)
    return draft


@transaction.atomic
def take_back(*, actor: Any, draft: Draft) -> Draft:
    """Write on in what waits to be sent. Refuses what has gone meanwhile: one row decides."""
    try:
        draft = locked_draft(draft)
    except SentError as error:
        raise SentError(TOO_LATE) from error
    if draft.is_waiting:
        draft.state, draft.due_at, draft.version = Draft.State.WRITING, None, draft.version + 1
        draft.save(update_fields=["state", "due_at", "version"])
    return draft


@transaction.atomic
def send_now(*, actor: Any, draft: Draft) -> Message | None:
    """Do not wait for the rest of the ten seconds, or for the chosen moment. A mass mail is left to a worker, at once."""
    draft = locked_draft(draft)
    if not draft.is_waiting:
        raise MailError(_("This message does not wait to be sent."))
    if not draft.is_mass:
        return _deliver(draft)
    draft.due_at, draft.version = timezone.now(), draft.version + 1
    draft.save(update_fields=["due_at", "version"])
    enqueue(RELEASE, {"draft": draft.pk, "version": draft.version})
    return None


@transaction.atomic
def release(draft_id: int, version: int) -> Message | None:
    """What is due goes, unless it was taken back or put off meanwhile. Where it cannot go any more its writer is told, and keeps it as a draft."""
    draft = Draft.objects.select_for_update(of=("self",)).select_related("mailbox__owner", "answers", "audience").filter(pk=draft_id).first()
    if draft is None or not draft.is_waiting or draft.version != version or draft.due_at is None or draft.due_at > timezone.now():
        return None
    try:
        if not draft.mailbox.owner.is_active:
            raise MailError(_("The sender does not work here any more."))  # S14
        with transaction.atomic():
            return _deliver_mass(draft) if draft.is_mass else _deliver(draft)
    except MailError as problem:
        draft.state, draft.due_at, draft.version, draft.problem = Draft.State.WRITING, None, draft.version + 1, str(problem)[:500]
        draft.save(update_fields=["state", "due_at", "version", "problem"])
        note_refused(draft, draft.problem)
        if draft.mailbox.owner.is_active:
            notify(NOT_SENT, words={"reason": draft.problem}, recipients=[draft.mailbox.owner_id], url=draft.get_absolute_url())
        return None


def _deliver(draft: Draft) -> Message:
    """Message, envelope and placements; the draft is gone with that. What goes outside is on its way from now on."""
    people = _check(draft)
    size = size_of(draft)
    mailboxes = {mailbox.owner_id: mailbox for mailbox in lock_mailboxes([draft.mailbox_id, *_mailbox_ids(people)]).values()}
    _refuse_full(mailboxes[draft.mailbox.owner_id], [mailboxes[pk] for pk in people], size, people)
    message = _write(draft, size)
    roles = {pk: role for role, ids in (("bcc", draft.bcc), ("cc", draft.cc), ("to", draft.to)) for pk in ids}
    Envelope.objects.bulk_create(
        [Envelope(message=message, mailbox=mailboxes[pk], role=roles[pk], order=order) for order, pk in enumerate(draft.recipient_ids)]
    )
    common = {"message": message, "thread": message.thread, "size": size}
    placements = Placement.objects.bulk_create(
        [
            Placement(mailbox_id=draft.mailbox_id, side="sent", place="sent", **common),
            *(Placement(mailbox=mailboxes[pk], side="received", place="inbox", **common) for pk in draft.recipient_ids),
        ]
    )
    touch(Placement, [placements[0].pk])
    last = len(draft.recipient_ids)
    outside = [Envelope(message=message, address=address, role="to", order=order) for order, address in enumerate(draft.outside, last)]
    send_outward(Envelope.objects.bulk_create(outside))
    answer_later(message, [mailboxes[pk].pk for pk in draft.recipient_ids])
    _finish(draft, message, [mailboxes[pk].pk for pk in draft.recipient_ids])
    return message


def _deliver_mass(draft: Draft) -> Message:
    """To whoever is in the audience at this moment; beyond the limit of a mailbox, if need be."""
    _check_mass(draft)
    assert draft.audience is not None
    ids = sorted(people_reached(draft.mailbox.owner, draft.audience.rule).values_list("mailbox", flat=True))
    message = _write(draft, size_of(draft))
    place_mass(message, ids)
    own = Placement.objects.create(message=message, mailbox_id=draft.mailbox_id, side="sent", place="sent", thread=message.thread, size=message.size)
    touch(Placement, [own.pk])
    _finish(draft, message, ids)
    return message


def _write(draft: Draft, size: int) -> Message:
    answered = draft.answers if draft.manner == Draft.Manner.REPLY else None
    message = Message(
        sender_id=draft.mailbox_id, subject=draft.subject, body=draft.body, parent=draft.answers, draft_key=draft.key, size=size,
        has_files=attachments_on(draft).filter(standing="shown", is_in_text=False).exists(), audience=draft.audience if draft.is_mass else None,
    )  # fmt: skip
    if answered is not None:
        message.thread = answered.thread
    message.save(force_insert=True)
    return message


def _finish(draft: Draft, message: Message, mailbox_ids: Sequence[int]) -> None:
    """Files hang on the message, the draft is gone, the record has it, and open pages are told."""
    move_files(source=draft, target=message)
    count = len(mailbox_ids) + len(draft.outside)
    note_sent(message, count)
    shown = {"shown": draft.reach} if draft.is_mass else {}
    record(draft.mailbox.owner, "mail.sent", message, after={"recipients": count, "size": message.size, **shown})
    draft_mailbox = draft.mailbox_id
    draft.delete()
    ring_mailboxes([draft_mailbox, *mailbox_ids])


def size_of(draft: Draft) -> int:
    """In bytes, as it counts in each mailbox: text, files, and what a row takes."""
    files = attachments_on(draft).filter(standing="shown").order_by().aggregate(total=Sum("file__size"))["total"] or 0
    return ROW + len(draft.subject.encode()) + len(draft.body.encode()) + int(files)


def recipients_of(ids: Collection[int]) -> dict[int, User]:
    """The people to whom mail may go, by their ids."""
    return {person.pk: person for person in User.objects.employees().active().filter(pk__in=ids)}


def _check(draft: Draft) -> dict[int, User]:
    """Who gets it, or why it cannot go."""
    ids = draft.recipient_ids
    if not ids and not draft.outside:
        raise RecipientError(_("Say to whom it goes: add at least one recipient."))
    most = limits_of(draft.mailbox.owner).recipients
    if (count := len(ids) + len(draft.outside)) > most:
        sentence = _("One message of yours goes to %(most)s people at most, and this one has %(count)s. Take some out, or publish a notice.")
        raise RecipientError(sentence % {"most": most, "count": count})
    _check_outside(draft)
    people = recipients_of(ids)
    if gone := User.objects.filter(pk__in=set(ids) - set(people)):
        raise RecipientError(_("Does not work here any more: %(people)s. Take them out of the recipients.") % {"people": _names(list(gone))})
    if len(people) < len(ids):
        raise RecipientError(_("One of the recipients does not exist. Choose again."))
    ensure_mailboxes(ids)
    boxes = {mailbox.owner_id: mailbox for mailbox in Mailbox.objects.filter(owner__in=ids)}
    _refuse_full(draft.mailbox, list(boxes.values()), size_of(draft), people)
    return people


def _check_outside(draft: Draft) -> None:
    """Who may, whether the plant is connected, and whether other servers would take it."""
    if not draft.outside:
        return
    if not may_write_outside(User.objects.get(pk=draft.mailbox.owner_id)):
        raise RecipientError(_("Addresses outside are for those who may write to the internet, where the plant is connected. Take them out."))
    most = greatest() * 7 // 10  # what is sent as text takes a third more
    if size_of(draft) > most:
        sentence = _("It is too large for the internet, where %(most)s is the most. Take files out, or send them by another way.")
        raise MailError(sentence % {"most": filesizeformat(most)})


def _check_limits(draft: Draft) -> None:
    """What the computer centre allows: the size of a file, and how much in an hour."""
    limits = limits_of(draft.mailbox.owner)
    if limits.file_bytes is not None:
        largest = attachments_on(draft).filter(standing="shown").order_by("-file__size").first()
        if largest is not None and largest.file.size > limits.file_bytes:
            sentence = _("“%(file)s” has %(size)s, the most is %(most)s. Make it smaller, or put it into the knowledge base and send the link.")
            raise MailError(sentence % {"file": largest.name, "size": filesizeformat(largest.file.size), "most": filesizeformat(limits.file_bytes)})
    hour = timezone.now() - timedelta(hours=1)
    waiting = Draft.objects.filter(mailbox=draft.mailbox, state=Draft.State.WAITING, due_at__lte=timezone.now() + TIME_TO_TAKE_BACK)
    if Message.objects.filter(sender=draft.mailbox, sent_at__gt=hour).count() + waiting.count() >= limits.per_hour:
        sentence = _("You have sent %(most)s messages within an hour, as many as you may. The draft is kept: send it later, or ask the computer centre.")
        raise MailError(sentence % {"most": limits.per_hour})


def _check_mass(draft: Draft) -> None:
    """Why a mass mail cannot go; asked when it is sent and again when it goes, for rights and people change."""
    sender = User.objects.get(pk=draft.mailbox.owner_id)
    if not may_send_mass(sender):
        raise MailError(_("Mass mail is sent by heads of departments and by whoever was granted it. Ask the computer centre."))
    if draft.audience is None:
        raise RecipientError(_("Choose for whom it is."))
    if not draft.subject:
        raise MailError(_("A mass mail needs a subject: give it one."))
    if outside := outside_scope(sender, draft.audience.rule):
        sentence = ngettext(
            "%(count)s of these people is of no department of yours. Choose your own people, or ask for the right to write to the whole plant.",
            "%(count)s of these people are of no department of yours. Choose your own people, or ask for the right to write to the whole plant.",
            outside,
        )
        raise RecipientError(sentence % {"count": outside})
    if not people_reached(sender, draft.audience.rule).exists():
        raise RecipientError(_("It would come to nobody. Choose for whom it is."))
    if Draft.objects.filter(mailbox=draft.mailbox, manner=Draft.Manner.MASS, state=Draft.State.WAITING).exclude(pk=draft.pk).exists():
        raise MailError(_("A mass mail of yours waits to be sent already. One goes at a time."))
    if draft.mailbox.used + size_of(draft) > draft.mailbox.limit:
        raise FullError(OWN_FULL)


def _refuse_full(sender: Mailbox, recipients: Sequence[Mailbox], size: int, people: dict[int, User]) -> None:
    if sender.used + size > sender.limit:
        raise FullError(OWN_FULL)
    full = [people[mailbox.owner_id] for mailbox in recipients if mailbox.used + size > mailbox.limit]
    if full:
        sentence = ngettext("The mailbox of %(people)s is full.", "These mailboxes are full: %(people)s.", len(full))
        raise FullError(sentence % {"people": _names(full)} + " " + _("Nothing was sent. Take them out of the recipients, or send it later."))


def _names(people: Sequence[User]) -> str:
    named = _(", ").join(f"{person.name} ({person.employee_number})" for person in people[:MOST_NAMED])
    return named if len(people) <= MOST_NAMED else _("%(people)s and others") % {"people": named}


def _mailbox_ids(people: Collection[int]) -> list[int]:
    return list(Mailbox.objects.filter(owner__in=list(people)).values_list("pk", flat=True))
