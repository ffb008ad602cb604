"""Where cards and photos are; a photo behind the right to see the card, under an address that changes with the picture."""

from functools import cache
from pathlib import PurePosixPath
from typing import Any

from django.urls import reverse

from portal.foundation.avatars import register_page, register_photo


def photo_url(person_id: int, photo: str) -> str | None:
    """The address of a photo by the name of its file; None where there is none."""
    return f"{_people_url()}{person_id}/photo/{PurePosixPath(photo).stem}/" if photo else None


@cache
def _people_url() -> str:
    return reverse("organization:person_list")


def _own_photo(user: Any) -> str | None:
    """The photo of the person of a request, who was loaded with the card."""
    profile = user._state.fields_cache.get("profile")
    return photo_url(user.pk, profile.photo.name or "") if profile is not None else None


def _card(user: Any) -> str | None:
    return f"{_people_url()}{user.pk}/" if user.is_employee else None


register_photo(_own_photo)
register_page(_card)
