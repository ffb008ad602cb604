"""Positions and the clearance that they carry."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal.audit.services import record, snapshot
from portal.organization.errors import OrganizationError
from portal.organization.models import Position
from portal.organization.registry import announce_changes, announce_words
from portal.organization.services.concerned import holders_of

FIELDS = ("code", "name", "name_en", "clearance", "is_head", "requires_second_factor", "order")
RIGHTS = ("clearance", "is_head", "requires_second_factor")
HIGHEST_CLEARANCE = 4


@transaction.atomic
def save_position(position: Position | None, *, actor: Any, **values: Any) -> Position:
    """Create a position (None) or change one; the rights of those who hold it follow at once. Refuses a code that is taken."""
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise TypeError(f"a position has no {', '.join(sorted(unknown))} to set")
    stored = Position() if position is None else Position.objects.select_for_update().get(pk=position.pk)
    before = {} if position is None else snapshot(stored, *FIELDS)
    for field, value in values.items():
        setattr(stored, field, value)
    if not 0 <= stored.clearance <= HIGHEST_CLEARANCE:
        raise OrganizationError(_("Choose one of the levels."))
    if Position.objects.filter(code=stored.code).exclude(pk=stored.pk).exists():
        raise OrganizationError(_("Another position has the code %(code)s.") % {"code": stored.code})
    after = snapshot(stored, *FIELDS)
    if after == before:
        return stored
    stored.save()
    record(actor, "position.created" if position is None else "position.changed", stored, before=before, after=after)
    if before and any(before[field] != after[field] for field in RIGHTS):
        announce_changes(holders_of(stored))
    announce_words(stored)
    return stored
