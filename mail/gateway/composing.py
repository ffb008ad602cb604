"""A message as bytes for other servers (RFC 5322), signed with DKIM where there is a key. Lines end with CR LF, and no value of a header has any."""

import mimetypes
import re
from email import encoders
from email.charset import BASE64, Charset
from email.generator import BytesGenerator
from email.header import Header
from email.message import Message as Written
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import dkim
from django.conf import settings
from django.utils.html import escape

from mail.gateway.connection import domain
from mail.models import Envelope, Mailbox, Message
from mail.words import subject_of
from portal.attachments.models import Attachment
from portal.attachments.queries import pictures_on, shown_on
from portal.attachments.storage import content_storage
from portal.foundation.rich_text import to_text

OTHER = "application/octet-stream"
POLICY = compat32.clone(linesep="\r\n", max_line_length=998)
MOST_REFERENCES = 10
SIGNED = [b"from", b"to", b"cc", b"subject", b"date", b"message-id", b"in-reply-to", b"references", b"mime-version", b"content-type"]
PICTURE = "/files/{}/picture/"
REPLIED = re.compile(r"<[!-~]{1,240}>")
TEXT = Charset("utf-8")
TEXT.body_encoding = BASE64


def compose(message: Message) -> bytes:
    """With everyone who may be known to all; blind copies stand nowhere."""
    assert message.sender is not None
    written = _body(message)
    del written["MIME-Version"]
    rows = list(Envelope.objects.filter(message=message, role__in=("to", "cc")).select_related("mailbox__owner").order_by("order"))
    headers: list[tuple[str, str]] = [
        ("Date", format_datetime(message.sent_at)),
        ("From", address_of(message.sender)),
        ("Subject", _words(subject_of(message))),
    ]
    for header, role in (("To", "to"), ("Cc", "cc")):
        if people := [str(row.address) or address_of(row.mailbox) for row in rows if row.role == role]:
            headers.append((header, ",\r\n ".join(people)))
    headers.append(("Message-ID", id_of(message)))
    references = _references(message)
    if references:
        headers += [("In-Reply-To", references[-1]), ("References", "\r\n ".join(references))]
    if message.is_automatic:
        headers += [("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")]
    headers.append(("MIME-Version", "1.0"))
    out = BytesIO()
    BytesGenerator(out, policy=POLICY).flatten(written)
    content = "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii") + out.getvalue()
    return _signed(content)


def id_of(message: Message) -> str:
    return f"<{message.draft_key.hex}@{domain()}>"


def address_of(mailbox: Mailbox | None) -> str:
    assert mailbox is not None
    local = mailbox.addresses.values_list("local", flat=True).first() or mailbox.owner.employee_number
    return f"{_words(mailbox.owner.name)} <{local}@{domain()}>"


def _words(text: str) -> str:
    """Folded as encoded words, always: what stands in a name or a subject never reads as anything else."""
    return Header(" ".join(text.split()), "utf-8", maxlinelen=75).encode(linesep="\r\n")


def _references(message: Message) -> list[str]:
    """Of what it answers, oldest first: the first and the last ten."""
    found: list[str] = []
    at = message.parent
    while at is not None and len(found) < 100:
        found.append(at.foreign.reference if at.is_foreign else id_of(at))
        at = at.parent
    known = [one for one in reversed(found) if REPLIED.fullmatch(one)]
    return known if len(known) <= MOST_REFERENCES + 1 else [known[0], *known[-MOST_REFERENCES:]]


def _body(message: Message) -> Written:
    html, pictures = message.body, []
    for attachment in pictures_on(message):
        if (address := PICTURE.format(attachment.pk)) in html:
            html = html.replace(address, f"cid:{attachment.pk}")
            pictures.append(attachment)
    alternative = MIMEMultipart("alternative")
    alternative.attach(MIMEText(to_text(message.body), "plain", TEXT))  # type: ignore[arg-type]
    page = f'<!doctype html><meta charset="utf-8"><title>{escape(subject_of(message))}</title>{html}'
    shown: Written = MIMEText(page, "html", TEXT)  # type: ignore[arg-type]
    if pictures:
        related = MIMEMultipart("related")
        related.attach(shown)
        for picture in pictures:
            part = _file(picture, "inline")
            part["Content-ID"] = f"<{picture.pk}>"
            related.attach(part)
        shown = related
    alternative.attach(shown)
    files = list(shown_on(message))
    if not files:
        return alternative
    mixed = MIMEMultipart("mixed")
    mixed.attach(alternative)
    for attachment in files:
        mixed.attach(_file(attachment, "attachment"))
    return mixed


def _file(attachment: Attachment, disposition: str) -> MIMEBase:
    """Its name in both forms: RFC 2231, and as encoded words, which is what some mailers here read."""
    media_type = attachment.file.media_type or mimetypes.guess_type(attachment.name)[0] or OTHER
    main, slash, sub = (media_type if not media_type.startswith(("message/", "multipart/", "text/")) else OTHER).partition("/")
    part = MIMEBase(main if slash else "application", sub if slash else "octet-stream")
    with content_storage().open(attachment.file.storage_name) as content:
        part.set_payload(content.read())
    encoders.encode_base64(part)
    words = Header(attachment.name, "utf-8", maxlinelen=998).encode()
    part.replace_header("Content-Type", f'{part.get_content_type()};\r\n name="{words}"')
    part["Content-Disposition"] = f"{disposition};\r\n filename=\"{words}\";\r\n filename*=utf-8''{quote(attachment.name, safe='')}"
    return part


def _signed(content: bytes) -> bytes:
    key = settings.ENVIRONMENT.mail_dkim_key
    if not key:
        return content
    present = [name for name in SIGNED if re.search(rb"(?im)^" + name + rb":", content.partition(b"\r\n\r\n")[0])]
    selector = settings.ENVIRONMENT.mail_dkim_selector.encode()
    return dkim.sign(content, selector, domain().encode(), Path(key).read_bytes(), include_headers=present, canonicalize=(b"relaxed", b"relaxed")) + content
