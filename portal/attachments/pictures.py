"""Pictures inside texts."""

from typing import Any
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from portal.access.policies import can
from portal.attachments.errors import NotYoursError
from portal.attachments.kinds import Kind
from portal.attachments.models import Attachment
from portal.attachments.services import copy_file
from portal.foundation.rich_text import picture_ids

ADDRESS = "/files/{}/picture/"


def with_own_pictures(html: str, *, actor: Any, about: models.Model | None) -> str:
    """The text, in which pictures that were copied from elsewhere are the actor's own copies: content is stored once, so that costs a row.

    Saved again with the same text, it makes no further ones. Refuses a picture that the actor may not see, or that is not there.
    """
    wanted = picture_ids(html)
    if not wanted:
        return html
    usable = models.Q(standing=Attachment.Standing.LOOSE, uploaded_by=actor)
    if about is not None and about.pk:
        usable |= models.Q(about_type=ContentType.objects.get_for_model(about), about_id=about.pk)
    own = Attachment.objects.filter(usable)
    elsewhere = set(wanted) - set(own.filter(pk__in=wanted).values_list("pk", flat=True))
    if not elsewhere:
        return html
    rows = Attachment.objects.filter(pk__in=elsewhere, file__kind=Kind.PICTURE)
    seen = {row.pk: row for row in rows.select_related("file") if can(actor, "view", row)}
    if len(seen) < len(elsewhere):
        raise NotYoursError(_("A picture in the text stands on another page. Save it to your machine, and insert it here again."))
    copies: dict[int, UUID] = dict(own.filter(file__in=[row.file_id for row in seen.values()]).values_list("file_id", "pk"))
    for row in seen.values():
        copy = copies.get(row.file_id) or copies.setdefault(row.file_id, copy_file(actor=actor, attachment=row).pk)
        html = html.replace(ADDRESS.format(row.pk), ADDRESS.format(copy))
    return html
