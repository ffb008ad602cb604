"""Private addresses of feeds."""

import hashlib
import secrets
from typing import Any

from django.db import transaction

from bulletin.models import FeedAddress
from portal.access.backends import load_person
from portal.accounts.models import User
from portal.audit.services import record


@transaction.atomic
def renew_feed_address(*, actor: Any) -> str:
    """Make a new address; the one before ends at once. The key is returned this once, and kept by nobody."""
    key = secrets.token_urlsafe(24)
    FeedAddress.objects.update_or_create(person=actor, defaults={"key_digest": digest(key)})
    record(actor, "feed.renewed", actor)
    return key


@transaction.atomic
def end_feed_address(*, actor: Any) -> None:
    if FeedAddress.objects.filter(person=actor).delete()[0]:
        record(actor, "feed.ended", actor)


@transaction.atomic
def end_all_feed_addresses() -> None:
    """Nobody's address leads anywhere any more; each makes a new one."""
    if FeedAddress.objects.all().delete()[0]:
        record(None, "feed.all_ended")


def person_of_key(key: str) -> User | None:
    """Whose address this is, if they may still sign in: rights and departures are asked anew at every reading."""
    person_id = FeedAddress.objects.filter(key_digest=digest(key)).values_list("person_id", flat=True).first()
    person = load_person(person_id) if person_id is not None else None
    return person if person is not None and person.is_active and person.is_employee else None


def digest(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()
