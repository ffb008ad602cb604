"""What the boards do when the plant changes, and what they add to what people stand for."""

from collections.abc import Collection, Iterator
from datetime import date

from bulletin.models import PublishingDelegation
from bulletin.publishing import publishing_token
from bulletin.services.boards import ensure_boards
from portal.access.sources import DatedToken, register_source
from portal.organization.registry import follow_changes


def delegations(user_ids: Collection[int], day: date) -> Iterator[DatedToken]:
    """Publishing that heads have delegated."""
    for row in PublishingDelegation.objects.open(day).filter(person__in=user_ids):
        yield DatedToken(row.person_id, publishing_token(row.department_id), row.starts_on, row.ends_on)


follow_changes(ensure_boards)
register_source(delegations)
