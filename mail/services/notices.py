"""What the mail system itself has to say to somebody: a message in their inbox, beside what it is about, that nobody answers by themselves."""

from uuid import uuid4

from django.utils.translation import gettext as _

from mail.gateway.connection import domain
from mail.models import LONGEST_SUBJECT, Envelope, Foreign, Mailbox, Message, Placement
from mail.models.messages import ROW
from mail.services.mailboxes import ring_mailboxes


def put_notice(mailbox: Mailbox, *, subject: str, body: str, about: Message) -> Message:
    """Into a full mailbox too: it is short, and tells of what was not delivered."""
    message = Message.objects.create(
        subject=subject[:LONGEST_SUBJECT], body=body, parent=about, thread=about.thread, draft_key=uuid4(), size=ROW + len(body.encode()), is_automatic=True
    )
    Foreign.objects.create(message=message, name=_("Mail system"), address=f"postmaster@{domain()}")
    Envelope.objects.create(message=message, mailbox=mailbox, role="to")
    Placement.objects.create(message=message, mailbox=mailbox, thread=message.thread, size=message.size, side="received", place="inbox")
    ring_mailboxes([mailbox.pk])
    return message
