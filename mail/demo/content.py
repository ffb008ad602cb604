"""Mail of the demo plant: everyone has a mailbox, and the cast has written to one another."""

from datetime import datetime, timedelta
from html import escape
from uuid import UUID

from django.utils import timezone

from mail.demo.texts import MASS, TALKS, Talk
from mail.models import Draft, Envelope, Folder, Mailbox, Message, Placement
from mail.reaching import people_reached
from mail.services.mailboxes import ensure_mailboxes
from mail.services.massing import place_mass
from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from portal.organization.demo import Plant, register_content
from portal.organization.models import Employment

BETWEEN = timedelta(minutes=47)
READ_AFTER = timedelta(minutes=12)
ROW = 500


def build_mail(plant: Plant) -> None:
    """Written by the models, for it was sent on days that have passed."""
    ensure_mailboxes()
    mailboxes = {box.owner_id: box for box in Mailbox.objects.filter(owner__in=[person.pk for person in plant.cast.values()])}
    boxes = {key: mailboxes[person.pk] for key, person in plant.cast.items() if person.pk in mailboxes}
    for talk in TALKS:
        if {*talk.to, *talk.cc, *talk.bcc, *(key for key, _text in talk.says)} <= boxes.keys():
            _talk(plant, boxes, talk)
    if "head" in boxes:
        _mass(plant, boxes["head"])
        Folder.objects.create(mailbox=boxes["head"], name="质量周报")
        body = "<p>各机组、仓库：</p><p>十二月份成品抽检自 12 月 1 日开始，每个工作日 8:30、14:30 各取样一次。</p>"
        Draft.objects.create(key=_key(plant), mailbox=boxes["head"], subject="关于 12 月份成品抽检安排的说明", body=body, to=[boxes["inspector"].owner_id])


def _talk(plant: Plant, boxes: dict[str, Mailbox], talk: Talk) -> None:
    began, thread = timezone.now() - timedelta(days=talk.days), _key(plant)
    parent: Message | None = None
    everyone = {key: role for role, keys in (("bcc", talk.bcc), ("cc", talk.cc), ("to", talk.to)) for key in keys}
    starter = talk.says[0][0]
    for number, (writer, text) in enumerate(talk.says):
        is_last = number == len(talk.says) - 1
        sent_at = min(began + number * BETWEEN, timezone.now() - timedelta(minutes=3))
        roles = everyone if number == 0 else {key: role for key, role in ({starter: "to"} | everyone).items() if role != "bcc" and key != writer}
        message = Message.objects.create(
            sender=boxes[writer],
            subject=talk.subject if number == 0 else f"回复：{talk.subject}",
            body=f"<p>{escape(text)}</p>",
            parent=parent,
            thread=thread,
            draft_key=_key(plant),
            size=ROW + len(text.encode()),
            sent_at=sent_at,
        )
        Envelope.objects.bulk_create([Envelope(message=message, mailbox=boxes[key], role=role, order=order) for order, (key, role) in enumerate(roles.items())])
        unread = talk.unread if is_last else ()
        received = [_placed(message, boxes[key], "received", None if key in unread else _read(sent_at)) for key in roles]
        Placement.objects.bulk_create([_placed(message, boxes[writer], "sent", None), *received])
        parent = message


def _mass(plant: Plant, sender: Mailbox) -> None:
    """The head has written to the whole department; some have read it."""
    department = Employment.objects.current().primary().get(person=sender.owner_id).department
    rule = AudienceRule.of([department_token(department.pk)])
    subject, text = MASS
    sent_at = timezone.now() - timedelta(hours=5)
    message = Message.objects.create(
        sender=sender, subject=subject, body=f"<p>{escape(text)}</p>", thread=_key(plant), draft_key=_key(plant),
        size=ROW + len(text.encode()), sent_at=sent_at, audience=Audience.objects.for_rule(rule),
    )  # fmt: skip
    place_mass(message, sorted(people_reached(sender.owner, rule).values_list("mailbox", flat=True)))
    Placement.objects.create(message=message, mailbox=sender, side="sent", place="sent", thread=message.thread, size=message.size)
    ids = list(Placement.objects.filter(message=message, side="received").order_by("pk").values_list("pk", flat=True))
    Placement.objects.filter(pk__in=ids[::2]).update(read_at=_read(sent_at))


def _placed(message: Message, mailbox: Mailbox, side: str, read_at: datetime | None) -> Placement:
    place = "inbox" if side == "received" else "sent"
    return Placement(mailbox=mailbox, message=message, thread=message.thread, side=side, place=place, size=message.size, read_at=read_at)


def _read(sent_at: datetime) -> datetime:
    return min(sent_at + READ_AFTER, timezone.now())


def _key(plant: Plant) -> UUID:
    return UUID(int=plant.random.getrandbits(128), version=4)


register_content(90, build_mail)
