"""Files of what came from outside, taken out of the raw mail when somebody asks for them."""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from mail.errors import MailError
from mail.gateway.reading import read_part
from mail.models import Message
from portal.attachments.models import Attachment
from portal.attachments.services import receive_file
from portal.foundation.limited import LimitedError


def part_content(message: Message, number: int) -> bytes:
    """Whether it may be seen is for the caller to ask. Refuses what cannot be taken out; the raw mail has it."""
    raw = message.foreign.raw
    if raw is None:
        raise MailError(_("There is no such file."))
    try:
        return read_part(bytes(raw.content), number)
    except LimitedError as error:
        raise MailError(_("This file cannot be taken out of the message. Save the message as a file (.eml), and open it with a mail program.")) from error


def receive_part(*, actor: Any, message: Message, part: dict[str, Any]) -> Attachment:
    """As the actor's own file, checked as an upload is."""
    return receive_file(actor=actor, name=part["name"], content=BytesIO(part_content(message, part["number"])))
