"""A message as a file that other programs open (RFC 5322), with its files: what its reader may see, and nothing of blind copies."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from django.utils.html import escape

from mail.conversations import ShownMessage
from mail.models import Envelope, Mailbox
from mail.words import subject_of
from portal.attachments.queries import shown_on
from portal.attachments.storage import content_storage
from portal.foundation.rich_text import to_text

OTHER = "application/octet-stream"


def as_eml(shown: ShownMessage) -> bytes:
    """What came from outside is as it came; else subjects and names of files are UTF-8, as the standard says. Whether it may be seen the caller asks."""
    message, written = shown.message, EmailMessage(policy=SMTP)
    if message.is_foreign and message.foreign.raw is not None:
        return bytes(message.foreign.raw.content)  # as it came
    written["Subject"] = subject_of(message)
    written["From"] = _address(message.sender) if message.sender is not None else Address(message.writer, addr_spec=message.foreign.address)
    rows = list(Envelope.objects.filter(message=message, role__in=("to", "cc")).select_related("mailbox__owner").order_by("order"))
    for header, role in (("To", "to"), ("Cc", "cc")):
        if people := [_address(row.mailbox) if row.mailbox else Address(addr_spec=row.address) for row in rows if row.role == role]:
            written[header] = people
    if not rows:
        written["To"] = [_address(shown.placement.mailbox)]
    written["Date"] = format_datetime(message.sent_at)
    written["Message-ID"] = f"<{message.draft_key.hex}@{settings.ENVIRONMENT.mail_domain}>"
    written.set_content(to_text(message.body))
    written.add_alternative(f'<!doctype html><meta charset="utf-8"><title>{escape(subject_of(message))}</title>{message.body}', subtype="html")
    for attachment in shown_on(message):
        media_type = attachment.file.media_type
        main, _slash, sub = (media_type if "/" in media_type and not media_type.startswith(("message/", "multipart/")) else OTHER).partition("/")
        with content_storage().open(attachment.file.storage_name) as content:
            written.add_attachment(content.read(), maintype=main, subtype=sub, filename=attachment.name)
    return written.as_bytes()


def _address(mailbox: Mailbox) -> Address:
    local = mailbox.addresses.values_list("local", flat=True).first() or mailbox.owner.employee_number
    return Address(mailbox.owner.name, local, settings.ENVIRONMENT.mail_domain)
