"""Questions about files."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet

from portal.attachments.models import Attachment, FileText, StoredFile


def attachments_on(thing: Model) -> QuerySet[Attachment]:
    """Everything that hangs on a thing, in order."""
    return Attachment.objects.filter(about_type=ContentType.objects.get_for_model(thing), about_id=thing.pk).select_related("file")


def shown_on(thing: Model) -> QuerySet[Attachment]:
    """What whoever may view the thing may see, in order; without the pictures inside its text."""
    return attachments_on(thing).filter(standing=Attachment.Standing.SHOWN, is_in_text=False)


def pictures_on(thing: Model) -> QuerySet[Attachment]:
    """The pictures inside its text."""
    return attachments_on(thing).filter(standing=Attachment.Standing.SHOWN, is_in_text=True)


def held_on(thing: Model) -> QuerySet[Attachment]:
    """Drafts and history: for those who may change the thing."""
    return attachments_on(thing).filter(standing=Attachment.Standing.HELD)


def text_of(file: StoredFile) -> QuerySet[FileText]:
    """The text that was read out of a file, by pages."""
    return file.texts.all()
