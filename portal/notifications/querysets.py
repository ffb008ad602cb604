"""Questions about what a person was told. What they may not see any more is left out of every answer."""

from typing import Any, Self

from django.db import connection, models
from django.db.models import Q

from portal.access.standings import standing_of
from portal.access.visibility import MATCHES_AUDIENCE, audience_ids_of

MOST_COUNTED = 100
BELL = f"""
    SELECT (
        SELECT count(*) FROM (
            SELECT 1 FROM notifications_notification n LEFT JOIN access_audience ON access_audience.id = n.audience_id
            WHERE n.recipient_id = %s AND n.read_at IS NULL AND (n.audience_id IS NULL OR {MATCHES_AUDIENCE})
            LIMIT %s
        ) AS unread
    ), (SELECT max(id) FROM notifications_notification WHERE recipient_id = %s)
"""  # noqa: S608  # the rule is a constant of `portal.access`


class NotificationQuerySet(models.QuerySet[Any]):
    def for_person(self, user: Any) -> Self:
        """Theirs, without those about things that they may not see today."""
        return self.filter(recipient=user).filter(Q(audience__isnull=True) | Q(audience__any=audience_ids_of(user)))

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def since(self, cursor: int) -> Self:
        return self.filter(pk__gt=cursor)

    def bell_of(self, user: Any) -> tuple[int, int]:
        """How many a person has not read, up to `MOST_COUNTED`, and their cursor; one statement, for it stands on every page."""
        standing = standing_of(user)
        with connection.cursor() as cursor:
            cursor.execute(BELL, [user.pk, standing.tokens, standing.level, standing.tokens, MOST_COUNTED, user.pk])
            count, newest = cursor.fetchone()
        return int(count), int(newest or 0)

    def newest_for(self, user: Any) -> int:
        """A person's cursor: the last thing that they were told, 0 where there is none."""
        return int(self.filter(recipient=user).aggregate(newest=models.Max("pk"))["newest"] or 0)
