"""Questions about files."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model, QuerySet

from portal.attachments.models import Attachment, FileText, StoredFile


def attachments_on(thing: Model) -> QuerySet[Attachment]:
    """Everything that hangs on a thing, in order."""
    return Attachment.objects.filter(about_type=ContentType.objects.get_for_model(thing), about_id=thing.pk).select_related("file")


def shown_on(thing: Model) -> QuerySet[Attachment]:
    """What whoever may view the thing may see, in order; without the pictures inside its text."""
    return attachments_on(thing).filter(standing=Attachment.Standing.SHOWN, is_in_text=False)


def shown_on_each(things: Sequence[Model]) -> dict[int, list[Attachment]]:
    """`shown_on` for many things of one kind, in one query; by the things' ids."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    if things:
        about_type = ContentType.objects.get_for_model(things[0])
        rows = Attachment.objects.filter(
            about_type=about_type, about_id__in=[thing.pk for thing in things], standing=Attachment.Standing.SHOWN, is_in_text=False
        )
        for attachment in rows.select_related("file"):
            found[attachment.about_id or 0].append(attachment)
    return found


def shown_among(addresses: Collection[str]) -> set[str]:
    """Which of these addresses are files that readers of their thing see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text FROM attachments_attachment WHERE id = ANY(%s::uuid[]) AND standing = 'shown'", [list(addresses)])
        return {address for (address,) in cursor.fetchall()}


def pictures_on(thing: Model) -> QuerySet[Attachment]:
    """The pictures inside its text."""
    return attachments_on(thing).filter(standing=Attachment.Standing.SHOWN, is_in_text=True)


def held_on(thing: Model) -> QuerySet[Attachment]:
    """Drafts and history: for those who may change the thing."""
    return attachments_on(thing).filter(standing=Attachment.Standing.HELD)


def text_of(file: StoredFile) -> QuerySet[FileText]:
    """The text that was read out of a file, by pages."""
    return file.texts.all()
