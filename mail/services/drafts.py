"""Writing: drafts that two windows never write over one another, and what a forwarded message begins with."""

from collections.abc import Sequence
from html import escape
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mail.errors import DraftConflictError, SentError
from mail.models import LONGEST_SUBJECT, OPEN_ROLES, Draft, Message
from mail.services.mailboxes import mailbox_of
from mail.services.parts import receive_part
from portal.access.models import Audience
from portal.access.policies import can
from portal.attachments.pictures import with_own_pictures
from portal.attachments.queries import shown_on
from portal.attachments.services import copy_file, hang_files, release_files
from portal.foundation.dates import exact_instant
from portal.foundation.rich_text import picture_ids

FIELDS = ("subject", "body", "to", "cc", "bcc", "outside")


@transaction.atomic
def begin_draft(
    *, actor: Any, key: UUID, values: dict[str, Any], file_ids: Sequence[UUID] = (), answers: Message | None = None, manner: str = Draft.Manner.NEW
) -> Draft:
    """What is being written, from its first saving on. The same key again is the same draft."""
    mailbox = mailbox_of(actor)
    draft, is_new = Draft.objects.get_or_create(key=key, mailbox=mailbox, defaults={"manner": manner, "answers": answers, **_cleaned(values)})
    if not is_new:
        return save_draft(actor=actor, draft=draft, version=draft.version, values=values, file_ids=file_ids)
    hang_files(actor=actor, about=draft, shown=file_ids, pictures=picture_ids(draft.body))
    return draft


@transaction.atomic
def save_draft(*, actor: Any, draft: Draft, version: int, values: dict[str, Any], file_ids: Sequence[UUID] = ()) -> Draft:
    """Save what was written in a window that had seen `version`. Refuses where another window has saved since, and changes nothing then."""
    draft = locked_draft(draft)
    if draft.is_waiting:
        raise SentError(_("This message waits to be sent. Take it back to write on."))
    cleaned = _cleaned(values)
    if draft.version != version and any(getattr(draft, name) != value for name, value in cleaned.items()):
        raise DraftConflictError(_("This draft was saved in another window meanwhile. Compare, and decide which text stays."))
    for name, value in cleaned.items():
        setattr(draft, name, value)
    draft.version, draft.saved_at, draft.problem = draft.version + 1, timezone.now(), ""
    draft.save()
    hang_files(actor=actor, about=draft, shown=file_ids, pictures=picture_ids(draft.body))
    return draft


@transaction.atomic
def delete_draft(*, actor: Any, draft: Draft) -> None:
    """Throw away what was not sent, with its files."""
    draft = locked_draft(draft)
    release_files(actor=actor, about=draft)
    draft.delete()


@transaction.atomic
def forward(*, actor: Any, message: Message, key: UUID) -> Draft:
    """Begin a draft with what a message says and its files. Who sent it and the named recipients stand above; blind ones never do."""
    known = Draft.objects.filter(key=key, mailbox__owner=actor.pk).first()
    if known is not None:
        return known
    if not can(actor, "view", message):
        raise SentError(_("This message is not there any more."))
    body = with_own_pictures(_quoted(message), actor=actor, about=None)
    files = [copy_file(actor=actor, attachment=row).pk for row in shown_on(message)]
    files += [receive_part(actor=actor, message=message, part=part).pk for part in (message.foreign.parts if message.is_foreign else ())]
    values = {"subject": prefixed(_("Fwd: "), message.subject), "body": body, "to": [], "cc": [], "bcc": [], "outside": []}
    return begin_draft(actor=actor, key=key, values=values, file_ids=files, answers=message, manner=Draft.Manner.FORWARD)


def prefixed(prefix: str, subject: str) -> str:
    """答复：… once, however often it goes to and fro."""
    return subject if subject.startswith(prefix) else f"{prefix}{subject}"[:LONGEST_SUBJECT]


def locked_draft(draft: Draft) -> Draft:
    """As its only writer. Refuses where it has gone meanwhile."""
    found = Draft.objects.select_for_update(of=("self",)).select_related("mailbox__owner", "answers", "audience").filter(pk=draft.pk).first()
    if found is None:
        raise SentError(_("This draft is not there any more: it was sent, or thrown away in another window."))
    return found


def _cleaned(values: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are stored; a subject is one line, whatever stands in it (S26)."""
    cleaned = {name: values[name] for name in FIELDS if name in values}
    if "rule" in values:
        cleaned["audience"] = Audience.objects.for_rule(values["rule"]) if values["rule"] is not None else None
    if "subject" in cleaned:
        cleaned["subject"] = " ".join(cleaned["subject"].split())[:LONGEST_SUBJECT]
    return cleaned


def _quoted(message: Message) -> str:
    named = [row.name for row in message.envelope.filter(role__in=OPEN_ROLES).select_related("mailbox__owner")]
    if message.is_foreign:
        named = [message.foreign.to_line] if message.foreign.to_line else named
    lines = [
        _("From: %(person)s") % {"person": f"{message.writer} <{message.foreign.address}>" if message.is_foreign else message.writer},
        _("Sent: %(when)s") % {"when": exact_instant(message.sent_at)},
        _("To: %(people)s") % {"people": _(", ").join(named) if named else _("several, each alone")},
        _("Subject: %(subject)s") % {"subject": message.subject},
    ]
    head = "<br>".join(escape(line) for line in lines)
    return f"<p></p><p>{escape(_('---- Forwarded message ----'))}<br>{head}</p>{message.body}"
