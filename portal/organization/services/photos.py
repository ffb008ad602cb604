"""The photo on a person's card."""

import secrets
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from portal.accounts.models import User
from portal.audit.services import record
from portal.organization.models import Profile
from portal.organization.photos import square_photo
from portal.outbox.services import enqueue

FORGOTTEN = "organization.photo_forgotten"
FOLDER = "photos"


def set_photo(person: User, *, content: bytes, actor: Any) -> None:
    """Show this picture on the card. Its file has a name that says nothing and is never given again. Refuses what is no picture."""
    picture = square_photo(content)
    name = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}.webp", ContentFile(picture))
    try:
        _exchange(person, name, actor)
    except BaseException:
        default_storage.delete(name)
        raise


def remove_photo(person: User, *, actor: Any) -> None:
    """Show the initials again. Without a photo, nothing happens."""
    _exchange(person, "", actor)


def forget_photo(name: str) -> None:
    """Delete the file of a photo that no card shows any more."""
    if name.startswith(f"{FOLDER}/") and not Profile.objects.filter(photo=name).exists():
        default_storage.delete(name)


@transaction.atomic
def _exchange(person: User, name: str, actor: Any) -> None:
    profile, _created = Profile.objects.select_for_update().get_or_create(person=person)
    before = profile.photo.name or ""
    if before == name:
        return
    profile.photo.name = name
    profile.save(update_fields=["photo"])
    record(actor, "card.changed", person, before={"photo": before}, after={"photo": name})
    if before:
        enqueue(FORGOTTEN, {"name": before})
