"""Large files in parts (the core of tus 1.0: creation, offset, PATCH): what was received stays, and the rest is sent later.

The parts lie in a file of this machine, which may be gone (another machine, a restore, a cleared disk). So each part asks whether those before it
are there, and the whole is compared with the sha256 that its sender computed: what has a hole is never taken in.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.attachments.errors import AttachmentError, DiskFullError, QuotaError, TooLargeError, UploadConflictError, UploadLostError
from portal.attachments.models import Attachment, Upload
from portal.attachments.names import clean_file_name
from portal.attachments.services import check_disk, check_quota, check_size, receive_file
from portal.attachments.storage import Arrived, digest_of, incoming_folder

LARGEST_PART = 8 * 2**20
KEPT = timedelta(days=1)
MOST_UPLOADS = 50


@transaction.atomic
def start_upload(*, actor: Any, name: str, size: int) -> Upload:
    """Say what will come. Refuses at once what would be refused in the end for its size or name."""
    name = clean_file_name(name)
    check_size(name, size)
    check_quota(actor, size)
    if Upload.objects.filter(uploader=actor).count() >= MOST_UPLOADS:
        raise QuotaError(_("You have %(count)s files under way. Let them finish, or cancel some.") % {"count": MOST_UPLOADS})
    return Upload.objects.create(uploader=actor, name=name, size=size)


def add_part(*, upload_id: UUID, actor: Any, offset: int, part: bytes) -> Upload:
    """Append a part; it must begin where the last one ended. It is on the disk before it is acknowledged.

    Each part is asked for its room again: many uploads that were begun together are as large as one that was refused.
    """
    if len(part) > LARGEST_PART:
        raise TooLargeError(_("A part of an upload has at most %(size)s MB.") % {"size": LARGEST_PART // 2**20})
    check_disk()
    check_quota(actor, len(part))
    try:
        with transaction.atomic():
            upload = Upload.objects.select_for_update().get(pk=upload_id, uploader=actor)
            if offset != upload.received or offset + len(part) > upload.size:
                raise UploadConflictError(_("The upload goes on at %(offset)s.") % {"offset": upload.received})
            _append(upload, part)
            upload.received = offset + len(part)
            upload.touched_at = timezone.now()
            upload.save(update_fields=["received", "touched_at"])
    except UploadLostError:
        _end(upload_id, actor)
        raise
    return upload


def _append(upload: Upload, part: bytes) -> None:
    """Refuses where what was received before is not there; a part that was never acknowledged may lie behind it, and goes."""
    path = part_path(upload.pk)
    if upload.received and not (path.is_file() and path.stat().st_size >= upload.received):
        raise UploadLostError(lost_sentence(upload.name))
    with path.open("r+b" if upload.received else "wb") as file:
        file.truncate(upload.received)
        file.seek(upload.received)
        file.write(part)
        file.flush()
        os.fsync(file.fileno())


def finish_upload(*, upload_id: UUID, actor: Any, sha256: str) -> Attachment:
    """Make a whole upload a loose attachment of the same address. Refused or not, the upload is over then.

    Refuses content that has not the sha256 (in hexadecimal digits) that its sender gave.
    Where the disk is full, or the server ends meanwhile, nothing has happened, and it can be finished later; whoever asks meanwhile waits.
    """
    path = part_path(upload_id)
    try:
        with transaction.atomic():
            upload = Upload.objects.select_for_update().get(pk=upload_id, uploader=actor)
            if upload.received != upload.size:
                raise UploadConflictError(_("The upload goes on at %(offset)s.") % {"offset": upload.received})
            upload.delete()
            if not path.is_file() or digest_of(path) != sha256:
                raise UploadLostError(lost_sentence(upload.name))
            with path.open("rb") as file:
                attachment = receive_file(actor=actor, name=upload.name, content=Arrived(file, path), address=upload_id)
    except (UploadConflictError, DiskFullError):
        raise
    except AttachmentError:
        _end(upload_id, actor)
        raise
    path.unlink(missing_ok=True)
    return attachment


def lost_sentence(name: str) -> str:
    return _("What was sent of “%(name)s” did not arrive whole, or is not on the server any more. Send it anew.") % {"name": name}


def _end(upload_id: UUID, actor: Any) -> None:
    Upload.objects.filter(pk=upload_id, uploader=actor).delete()
    part_path(upload_id).unlink(missing_ok=True)


def finished_upload(*, upload_id: UUID, actor: Any) -> Attachment:
    """What became of an upload whose last answer was lost on the way. Raises `DoesNotExist` where there is none, or it hangs on something by now."""
    return Attachment.objects.select_related("file").get(pk=upload_id, uploaded_by=actor, standing=Attachment.Standing.LOOSE)


@transaction.atomic
def cancel_upload(*, upload_id: UUID, actor: Any) -> None:
    Upload.objects.get(pk=upload_id, uploader=actor).delete()
    part_path(upload_id).unlink(missing_ok=True)


def part_path(upload_id: UUID) -> Path:
    return incoming_folder() / f"{upload_id}.part"
