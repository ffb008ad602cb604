"""Mail of the demo plant: everyone has a mailbox, and the cast has written to one another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from html import escape
from operator import itemgetter
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from mail.demo.texts import AWAY, ENVELOPE_SENDER, LETTERS, MASS, OUTSIDE, TALKS, Talk
from mail.gateway.decoding import read_mail
from mail.models import Away, Draft, Envelope, Folder, Limit, Mailbox, Message, Placement, RawMail
from mail.models.mailboxes import MEGABYTE
from mail.reaching import people_reached
from mail.services.journal import note_sent
from mail.services.limits import apply_limits
from mail.services.mailboxes import ensure_mailboxes
from mail.services.massing import place_mass
from mail.services.taking_in import take_in
from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from portal.organization.demo import Plant, register_content
from portal.organization.models import Employment

Act = Callable[[datetime], None]

BETWEEN = timedelta(minutes=47)
READ_AFTER = timedelta(minutes=12)
MASS_BEFORE = timedelta(hours=5)
ROW = 500


def build_mail(plant: Plant) -> None:
    """Written by the models, for it was sent on days that have passed."""
    ensure_mailboxes()
    mailboxes = {box.owner_id: box for box in Mailbox.objects.filter(owner__in=[person.pk for person in plant.cast.values()])}
    boxes = {key: mailboxes[person.pk] for key, person in plant.cast.items() if person.pk in mailboxes}
    talks = [talk for talk in TALKS if {*talk.to, *talk.cc, *talk.bcc, *(key for key, _text in talk.says)} <= boxes.keys()]
    acts = [act for talk in talks for act in _course(plant, boxes, talk)]
    if "head" in boxes:
        acts.append((timezone.now() - MASS_BEFORE, partial(_mass, plant, boxes["head"])))
    for key, hours, name, address, subject, text in LETTERS:
        if key in boxes:
            acts.append((timezone.now() - timedelta(hours=hours), partial(_from_outside, boxes[key], name, address, subject, text)))
    for sent_at, act in sorted(acts, key=itemgetter(0)):  # mailboxes show what came last first
        act(sent_at)
    _limits_and_absence(boxes)
    if "head" in boxes:
        Folder.objects.create(mailbox=boxes["head"], name="质量周报")
        body = "<p>各机组、仓库：</p><p>十二月份成品抽检自 12 月 1 日开始，每个工作日 8:30、14:30 各取样一次。</p>"
        Draft.objects.create(key=_key(plant), mailbox=boxes["head"], subject="关于 12 月份成品抽检安排的说明", body=body, to=[boxes["inspector"].owner_id])


def _course(plant: Plant, boxes: dict[str, Mailbox], talk: Talk) -> list[tuple[datetime, Act]]:
    """What is said in a talk, each at its moment; each answers the one before."""
    began, thread, now = timezone.now() - timedelta(days=talk.days), _key(plant), timezone.now()
    said: list[Message] = []
    return [
        (min(began + number * BETWEEN, now - timedelta(minutes=3)), partial(_say, plant, boxes, talk, thread, said, number)) for number in range(len(talk.says))
    ]


def _say(plant: Plant, boxes: dict[str, Mailbox], talk: Talk, thread: UUID, said: list[Message], number: int, sent_at: datetime) -> None:
    writer, text = talk.says[number]
    everyone = {key: role for role, keys in (("bcc", talk.bcc), ("cc", talk.cc), ("to", talk.to)) for key in keys}
    starter = talk.says[0][0]
    roles = everyone if number == 0 else {key: role for key, role in ({starter: "to"} | everyone).items() if role != "bcc" and key != writer}
    message = Message.objects.create(
        sender=boxes[writer],
        subject=talk.subject if number == 0 else f"回复：{talk.subject}",
        body=f"<p>{escape(text)}</p>",
        parent=said[-1] if said else None,
        thread=thread,
        draft_key=_key(plant),
        size=ROW + len(text.encode()),
        sent_at=sent_at,
    )
    Envelope.objects.bulk_create([Envelope(message=message, mailbox=boxes[key], role=role, order=order) for order, (key, role) in enumerate(roles.items())])
    unread = talk.unread if number == len(talk.says) - 1 else ()
    received = [_placed(message, boxes[key], "received", None if key in unread else _read(sent_at)) for key in roles]
    Placement.objects.bulk_create([_placed(message, boxes[writer], "sent", None), *received])
    note_sent(message, len(roles))
    said.append(message)


def _mass(plant: Plant, sender: Mailbox, sent_at: datetime) -> None:
    """The head has written to the whole department; some have read it."""
    department = Employment.objects.current().primary().get(person=sender.owner_id).department
    rule = AudienceRule.of([department_token(department.pk)])
    subject, text = MASS
    message = Message.objects.create(
        sender=sender, subject=subject, body=f"<p>{escape(text)}</p>", thread=_key(plant), draft_key=_key(plant),
        size=ROW + len(text.encode()), sent_at=sent_at, audience=Audience.objects.for_rule(rule),
    )  # fmt: skip
    place_mass(message, sorted(people_reached(sender.owner, rule).values_list("mailbox", flat=True)))
    Placement.objects.create(message=message, mailbox=sender, side="sent", place="sent", thread=message.thread, size=message.size)
    note_sent(message, message.envelope.count())
    ids = list(Placement.objects.filter(message=message, side="received").order_by("pk").values_list("pk", flat=True))
    Placement.objects.filter(pk__in=ids[::2]).update(read_at=_read(sent_at))


def _from_outside(mailbox: Mailbox, name: str, address: str, subject: str, text: str, at: datetime) -> None:
    """As the gateway would have taken it in: from a supplier, and from somebody who pretends to be of the plant."""
    to = str(mailbox.addresses.all()[0])
    content = OUTSIDE.format(name=name, address=address.format(domain=settings.ENVIRONMENT.mail_domain), to=to, subject=subject, text=text).encode()
    raw = RawMail.objects.create(
        key=sha256(content).digest(), content=content, size=len(content), at=at, peer="192.0.2.25", mail_from=ENVELOPE_SENDER,
        recipients=[[mailbox.pk, to]], state="read",
    )  # fmt: skip
    take_in(raw, read_mail(content))


def _limits_and_absence(boxes: dict[str, Mailbox]) -> None:
    """Those of the highest level have more room; the seller is on the way, and says so."""
    Limit.objects.get_or_create(level=4, defaults={"mailbox_bytes": 1000 * MEGABYTE})
    if "clerk" in boxes:
        Limit.objects.get_or_create(person=boxes["clerk"].owner, defaults={"recipients": 500, "per_hour": 400})
    if "seller" in boxes:
        day = timezone.localdate()
        Away.objects.create(mailbox=boxes["seller"], starts_on=day, ends_on=day + timedelta(days=4), answer=AWAY, passes_on=True)
    apply_limits()


def _placed(message: Message, mailbox: Mailbox, side: str, read_at: datetime | None) -> Placement:
    place = "inbox" if side == "received" else "sent"
    return Placement(mailbox=mailbox, message=message, thread=message.thread, side=side, place=place, size=message.size, read_at=read_at)


def _read(sent_at: datetime) -> datetime:
    return min(sent_at + READ_AFTER, timezone.now())


def _key(plant: Plant) -> UUID:
    return UUID(int=plant.random.getrandbits(128), version=4)


register_content(90, build_mail)
