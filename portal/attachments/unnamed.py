"""Pictures of which nobody may learn who sent them: drawn anew, under a name of ours, and no two of them the same file."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.attachments.errors import KindRefusedError, TooLargeError
from portal.attachments.kinds import Kind
from portal.attachments.models import Attachment, StoredFile
from portal.attachments.ringing import ring_for_reading
from portal.attachments.storage import digest_of, hold_files, incoming_folder, put_content
from portal.foundation.limited import LimitedError, run_limited

LARGEST = 8 * 10**6


def draw_anew(file: Any) -> bytes:
    """A JPEG of what is seen and of nothing else, with some random bytes, so that the same picture sent elsewhere is another file. Refuses what moves."""
    if file.size > LARGEST:
        raise TooLargeError(_("A picture of an anonymous post has at most 8 MB. Make it smaller and choose it again."))
    try:
        return run_limited(
            "portal.attachments.reading.pictures:anonymous", file.read(), memory_bytes=1024 * 2**20, cpu_seconds=20, wall_seconds=40, output_bytes=4 * LARGEST
        )
    except LimitedError as failure:
        raise KindRefusedError(_("Anonymous posts take still pictures only (JPG, PNG, WebP): other files say who made them.")) from failure


@transaction.atomic
def hang_unnamed(*, about: models.Model, contents: Sequence[bytes], at: datetime) -> None:
    """Hang pictures on a thing as of a moment, shown to its readers, uploaded by nobody. What there is of them in the database says no more than that."""
    if not contents:
        return
    hold_files()
    about_type = ContentType.objects.get_for_model(about)
    scan = StoredFile.Scan.WAITING if settings.ENVIRONMENT.clamd else StoredFile.Scan.UNCHECKED
    for order, content in enumerate(contents):
        with NamedTemporaryFile(dir=incoming_folder(), delete=False) as file:
            file.write(content)
            path = Path(file.name)
        try:
            digest, size = digest_of(path), path.stat().st_size
            name = put_content(path, digest)
        finally:
            path.unlink(missing_ok=True)
        stored = StoredFile.objects.create(
            sha256=digest,
            size=size,
            storage_name=name,
            kind=Kind.PICTURE,
            media_type="image/jpeg",
            scan=scan,
            text_state=StoredFile.Text.NONE,
            created_at=at,
        )
        with override(settings.LANGUAGE_CODE):
            label = _("picture %(number)s") % {"number": order + 1}
        Attachment.objects.create(
            file=stored,
            name=f"{label}.jpg",
            uploaded_by=None,
            created_at=at,
            about_type=about_type,
            about_id=about.pk,
            standing=Attachment.Standing.SHOWN,
            was_shown=True,
            order=order,
        )
    if scan == StoredFile.Scan.WAITING:
        ring_for_reading()
