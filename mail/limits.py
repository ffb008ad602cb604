"""What somebody may send at most, and how large their mailbox is."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from mail.models import MOST_RECIPIENTS, USUAL_LIMIT, Limit
from portal.access.standings import standing_of

FIELDS = ("mailbox_bytes", "file_bytes", "recipients", "per_hour")


@dataclass(frozen=True, slots=True)
class Limits:
    """In bytes, people and messages. `file_bytes` None: as large as the portal takes files."""

    mailbox_bytes: int = USUAL_LIMIT
    file_bytes: int | None = None
    recipients: int = MOST_RECIPIENTS
    per_hour: int = 200


USUAL = Limits()


def limits_of(user: Any) -> Limits:
    """A person's own, else those of their level, else the usual ones; each value by itself."""
    rows = Limit.objects.filter(Q(person=user.pk) | Q(level=standing_of(user).level)).order_by("level")
    found = sorted(rows, key=lambda row: row.person_id is None)
    values = {name: next((getattr(row, name) for row in found if getattr(row, name) is not None), getattr(USUAL, name)) for name in FIELDS}
    return Limits(**values)
