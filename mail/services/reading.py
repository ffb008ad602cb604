"""Opening and recalling: one race on one row, which one of them wins."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from mail.errors import MailError
from mail.models import Message, Placement
from mail.services.journal import note_recalled
from mail.services.mailboxes import ring_mailboxes, ring_senders, settled
from mail.services.outward import stop_outward
from portal.audit.services import record
from portal.search.services import touch

RECALLED_WITHIN = timedelta(hours=24)


@transaction.atomic
def open_conversation(*, actor: Any, placement: Placement) -> int:
    """Note that what a page shows of this conversation is read from now on; how much of it was not.

    What was recalled before is never shown: rows are locked, and looked at once they are.
    """
    rows = Placement.objects.of(actor).unread().shown_with(placement)
    opened = list(rows.annotate(sender=F("message__sender")).order_by("pk").select_for_update(of=("self",)))
    if not opened:
        return 0
    Placement.objects.filter(pk__in=[row.pk for row in opened]).update(read_at=timezone.now())
    touch(Placement, [row.pk for row in opened])
    ring_mailboxes([placement.mailbox_id])
    for row in opened:
        if row.sender is not None:
            ring_senders([row.message_id], settled(row.message_id))
    return len(opened)


@transaction.atomic
def recall(*, actor: Any, message: Message) -> int:
    """Take back what nobody has opened, within a day; from how many mailboxes. What was read stays, and the sender sees by whom and when."""
    now = timezone.now()
    if message.sent_at < now - RECALLED_WITHIN:
        raise MailError(_("A message can be recalled within 24 hours. This one is older."))
    unread, stopped = Placement.objects.unread().filter(message=message), stop_outward(message)
    rows = list(unread.order_by("pk").select_for_update(of=("self",)).values_list("pk", "mailbox"))
    if not rows and not stopped:
        raise MailError(_("Everyone has read it, or it was recalled already: there is nothing to recall."))
    Placement.objects.filter(pk__in=[pk for pk, _mailbox in rows]).update(recalled_at=now)
    record(actor, "mail.recalled", message, after={"recalled": len(rows) + stopped})
    note_recalled(message, len(rows) + stopped)
    # The search knows nothing of what was not opened, so there is nothing to take out of it.
    ring_mailboxes([mailbox for _pk, mailbox in rows])
    ring_senders([message.pk], settled(message.pk))
    return len(rows) + stopped
