"""Mail of a plant of 10,000, at a scale that is filled within two minutes: pages, opening, sending, a mass mail to all, recalling, finding."""

from functools import partial
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.context import Context
from benchmarks.gateway import gateway_rows
from benchmarks.pages import REFERENCE_BACKEND, cpu_rows
from benchmarks.rows import Row, at_most, told
from benchmarks.timing import p95, timed
from mail.listing import MailList
from mail.models import Draft, Mailbox, Message, Placement
from mail.services.drafts import begin_draft
from mail.services.mailboxes import ensure_mailboxes
from mail.services.reading import open_conversation, recall
from mail.services.sending import release, send_draft, send_now
from portal.access.rules import EVERYONE, AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.organization.models import Employment

# A twenty-fifth of what a plant has after some years (5,000,000 placements, 200,000 messages), with one reader who has all of it.
MESSAGES, EACH, MAILBOXES, TURNS = 20_000, 10, 2_000, 40
PAGE_GOAL, OPEN_GOAL, SEND_GOAL, ANSWER_GOAL, MASS_GOAL, RECALL_GOAL, SEARCH_GOAL = 1.5, 30, 30, 300, 5_000, 2_000, 50
WRITE_MESSAGES = """
    INSERT INTO mail_message (sender_id, subject, body, thread, draft_key, size, has_files, sent_at)
    SELECT boxes[1 + n * 7919 %% cardinality(boxes)], '3 号机组端部落丝超标 ' || n, '<p>' || repeat('请车间查吸丝带和平整盘，换后取样。', 6) || n || '</p>',
           gen_random_uuid(), gen_random_uuid(), 1200, n %% 9 = 0, now() - n * interval '10 minutes'
    FROM generate_series(1, %(messages)s) AS n, (SELECT %(boxes)s::bigint[] AS boxes) AS given
"""
WRITE_ENVELOPES = """
    INSERT INTO mail_envelope (message_id, mailbox_id, role, "order")
    SELECT DISTINCT ON (message.id, mailbox) message.id, mailbox, 'to', 0
    FROM mail_message message CROSS JOIN generate_series(0, %(each)s) AS k, (SELECT %(boxes)s::bigint[] AS boxes) AS given,
        LATERAL (SELECT CASE WHEN k = 0 THEN %(reader)s ELSE boxes[1 + (message.id * 31 + k * 104729) %% cardinality(boxes)] END AS mailbox) AS chosen
    WHERE NOT EXISTS (SELECT FROM mail_envelope WHERE message_id = message.id)
"""
WRITE_PLACEMENTS = """
    INSERT INTO mail_placement (mailbox_id, message_id, thread, side, place, size, is_starred, read_at)
    SELECT envelope.mailbox_id, message.id, message.thread, 'received', 'inbox', message.size, false, CASE WHEN message.id % 20 > 0 THEN message.sent_at END
    FROM mail_envelope envelope JOIN mail_message message ON message.id = envelope.message_id
    ORDER BY message.sent_at ON CONFLICT DO NOTHING
"""


def measure(context: Context) -> list[Row]:
    context.fill_plant()
    reader = Employment.objects.current().primary().filter(person__is_superuser=False, person__is_active=True).order_by("pk")[100].person
    fill_mail(context, reader)
    cookie, plain = context.sign_in(reader), context.sign_in(reader, backend=REFERENCE_BACKEND)
    read = Placement.objects.told().filter(mailbox__owner=reader).order_by("-pk")[3]
    pages = [("the inbox", "/mail/", cookie, True), ("a conversation", read.get_absolute_url(), cookie, True), ("the largest", "/mail/largest/", cookie, False)]
    return [*cpu_rows(context, pages, plain, area="mail", goal=PAGE_GOAL), *_alone(context, reader), *mass_rows(context), *gateway_rows(context)]


def _alone(context: Context, reader: User) -> list[Row]:
    context.say("opening, sending, finding")
    people = list(User.objects.active().employees().filter(mailbox__isnull=False).exclude(pk=reader.pk).order_by("pk")[200 : 200 + TURNS])
    unread = list(Placement.objects.unread().filter(mailbox__owner=reader).select_related("mailbox").order_by("-pk")[:TURNS])
    opened = [timed(partial(open_conversation, actor=reader, placement=placement)) for placement in unread]
    sent = [timed(partial(_send, reader, person)) for person in people]
    box = Mailbox.objects.get(owner=reader)
    questions = ["落丝 19", "from:王 平整盘", "发件人:李 有附件", "未读 落丝", "after:2026-01-01 12345"]
    found = [timed(MailList(box, "inbox", words=words).page) for words in questions * (TURNS // len(questions))]
    return [
        at_most("mail", "opening a message, p95", p95(opened), "ms", OPEN_GOAL),
        at_most("mail", "sending to one, p95", p95(sent), "ms", SEND_GOAL),
        at_most("mail", f"finding among one's own {MESSAGES:,}, p95", p95(found), "ms", SEARCH_GOAL),
    ]


def mass_rows(context: Context) -> list[Row]:
    """To everybody who has a mailbox: what the sender waits for, what the worker does, and taking it back."""
    context.say("a mass mail to everybody")
    sender = User.objects.active().employees().filter(mailbox__isnull=False, is_superuser=False).order_by("pk")[0]
    grant_capability("mail.mass", rule=AudienceRule.of([person_token(sender.pk)]), actor=User.objects.filter(is_superuser=True).order_by("pk")[0])
    sender = User.objects.get(pk=sender.pk)
    values = {"subject": "年终总结会", "body": "<p>周五 14:30 在二楼会议室。</p>", "rule": AudienceRule.of([EVERYONE])}
    draft = begin_draft(actor=sender, key=uuid4(), values=values, manner=Draft.Manner.MASS)
    answered = timed(lambda: send_draft(actor=sender, draft=draft))
    Draft.objects.filter(pk=draft.pk).update(due_at=timezone.now())
    draft.refresh_from_db()
    delivered = timed(lambda: release(draft.pk, draft.version))
    message = Message.objects.get(draft_key=draft.key)
    count = message.envelope.count()
    taken_back = timed(lambda: recall(actor=sender, message=message))
    wrong = _wrongly_counted()
    return [
        told("mail", "a mass mail: recipients", count, "people"),
        at_most("mail", "a mass mail is answered", answered, "ms", ANSWER_GOAL),
        at_most("mail", "all its placements are there", delivered, "ms", MASS_GOAL),
        at_most("mail", "it is recalled from everybody", taken_back, "ms", RECALL_GOAL),
        at_most("mail", "mailboxes whose figure is not the sum of what they have", wrong, "mailboxes", 0),
    ]


def fill_mail(context: Context, reader: User) -> None:
    """Made once and kept for the next run."""
    ensure_mailboxes()
    if Message.objects.count() >= MESSAGES:
        return
    context.say(f"writing {MESSAGES:,} messages into {MAILBOXES:,} mailboxes")
    boxes = list(Mailbox.objects.filter(owner__is_active=True).order_by("pk").values_list("pk", flat=True)[:MAILBOXES])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WRITE_MESSAGES, {"messages": MESSAGES, "boxes": boxes})
        cursor.execute(WRITE_ENVELOPES, {"each": EACH, "boxes": boxes, "reader": Mailbox.objects.get(owner=reader).pk})
        cursor.execute(WRITE_PLACEMENTS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE mail_message, mail_envelope, mail_placement, mail_mailbox")


def _send(sender: User, recipient: User) -> None:
    values = {"subject": "取样结果", "body": "<p>6.4 mg/支。</p>", "to": [recipient.pk], "cc": [], "bcc": []}
    send_now(actor=sender, draft=send_draft(actor=sender, draft=begin_draft(actor=sender, key=uuid4(), values=values)))


def _wrongly_counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT count(*) FROM mail_mailbox WHERE used <> coalesce((
                SELECT sum(size) FROM mail_placement WHERE mailbox_id = mail_mailbox.id AND purged_at IS NULL AND recalled_at IS NULL), 0)
        """)
        return int(cursor.fetchone()[0])
