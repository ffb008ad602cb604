"""Mass mail: one transaction in which the database writes envelope and placements by itself, and reminding those who have not read it."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mail.errors import MailError
from mail.models import Mailbox, Message, Placement, Reminder
from mail.notifications import REMINDED
from portal.audit.services import record
from portal.notifications.services import notify

REMINDED_AGAIN = timedelta(hours=1)
MOST_REMINDERS = 5
HOLD = "SELECT id FROM mail_mailbox WHERE id = ANY(%s::bigint[]) ORDER BY id FOR NO KEY UPDATE"
WRITE_ENVELOPE = """
    INSERT INTO mail_envelope (message_id, mailbox_id, role, "order")
    SELECT %s, mailbox, 'mass', place FROM unnest(%s::bigint[]) WITH ORDINALITY AS reached (mailbox, place)
"""
WRITE_PLACEMENTS = """
    INSERT INTO mail_placement (mailbox_id, message_id, thread, side, place, size, is_starred)
    SELECT mailbox_id, message_id, %s, 'received', 'inbox', %s, false FROM mail_envelope WHERE message_id = %s ORDER BY mailbox_id
"""


def place_mass(message: Message, mailbox_ids: list[int]) -> None:
    """To whom it went, and a placement for each of them, in two statements. Mailboxes are locked in the order of their ids, the sender's with them."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [[message.sender_id, *mailbox_ids]])
        cursor.execute(WRITE_ENVELOPE, [message.pk, mailbox_ids])
        cursor.execute(WRITE_PLACEMENTS, [message.thread, message.size, message.pk])


@transaction.atomic
def remind_unread(*, actor: Any, message: Message) -> int:
    """Remind those who have not opened a mass mail of one's own; how many. Refuses within an hour of the last time, and a sixth time."""
    if message.writer_id != actor.pk or message.audience_id is None or message.sender_id is None:
        raise MailError(_("Only who sent a mass mail reminds its readers."))
    Mailbox.objects.select_for_update(no_key=True).get(pk=message.sender_id)  # one who reminds at a time
    given = list(Reminder.objects.filter(message=message).order_by("-at").values_list("at", flat=True))
    if given and given[0] > timezone.now() - REMINDED_AGAIN:
        raise MailError(_("They were reminded less than an hour ago. Give them time."))
    if len(given) >= MOST_REMINDERS:
        raise MailError(_("They were reminded %(count)s times already. Speak to those who are missing.") % {"count": len(given)})
    people = list(Placement.objects.unread().filter(message=message, mailbox__owner__is_active=True).values_list("mailbox__owner", flat=True))
    if not people:
        raise MailError(_("Everyone has read it, or it was recalled."))
    Reminder.objects.create(message=message, count=len(people))
    record(actor, "mail.reminded", message, after={"people": len(people)})
    words = {"person": actor.name, "day": date_format(timezone.localtime(message.sent_at), "m-d")}
    notify(REMINDED, words=words, recipients=people, url=reverse("mail:mass_own", args=[message.pk]), actor=actor)
    return len(people)
