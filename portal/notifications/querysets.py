"""Questions about what a person was told. What they may not see any more is left out of every answer."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from portal.access.standings import standing_of
from portal.access.visibility import audience_ids_of

MOST_COUNTED = 100


class NotificationQuerySet(models.QuerySet[Any]):
    def for_person(self, user: Any) -> Self:
        """Theirs, without those about things that they may not see today."""
        return self.filter(recipient=user).filter(Q(audience__isnull=True) | Q(audience__any=audience_ids_of(user)))

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def since(self, cursor: int) -> Self:
        return self.filter(pk__gt=cursor)

    def count_unread(self, user: Any) -> int:
        """How many a person has not read, up to `MOST_COUNTED`; one query, for it stands on every page."""
        standing = standing_of(user)
        rows = self.filter(recipient=user, read_at__isnull=True).select_related("audience").only("audience")[:MOST_COUNTED]
        return sum(1 for row in rows if row.audience is None or row.audience.rule.match(standing.token_set, standing.level))
