"""Questions about what a person was told. What they may not see any more is left out of every answer."""

from typing import Any, Self

from django.db import connection, models
from django.db.models import Q

from portal.access.standings import standing_of
from portal.access.visibility import MATCHES_AUDIENCE, audience_ids_of

MOST_COUNTED = 100
COUNT_UNREAD = f"""
    SELECT count(*) FROM (
        SELECT 1 FROM notifications_notification n LEFT JOIN access_audience ON access_audience.id = n.audience_id
        WHERE n.recipient_id = %s AND n.read_at IS NULL AND (n.audience_id IS NULL OR {MATCHES_AUDIENCE})
        LIMIT %s
    ) AS unread
"""  # noqa: S608  # the rule is a constant of `portal.access`


class NotificationQuerySet(models.QuerySet[Any]):
    def for_person(self, user: Any) -> Self:
        """Theirs, without those about things that they may not see today."""
        return self.filter(recipient=user).filter(Q(audience__isnull=True) | Q(audience__any=audience_ids_of(user)))

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def since(self, cursor: int) -> Self:
        return self.filter(pk__gt=cursor)

    def count_unread(self, user: Any) -> int:
        """How many a person has not read, up to `MOST_COUNTED`; one statement, for it stands on every page."""
        standing = standing_of(user)
        with connection.cursor() as cursor:
            cursor.execute(COUNT_UNREAD, [user.pk, standing.tokens, standing.level, standing.tokens, MOST_COUNTED])
            return int(cursor.fetchone()[0])
