"""Questions about what a person was told. What they may not see any more is left out of every answer."""

import json
from typing import Any, Self

from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from portal.access.standings import standing_of
from portal.access.visibility import MATCHES_AUDIENCE, audience_ids_of

MOST_COUNTED = 100
# The same as `for_person`, for a person of whom `_shown_to` gives the parameters.
SEEN = f"((n.audience_id IS NULL AND n.readers IS NULL) OR {MATCHES_AUDIENCE} OR (n.readers && %s::text[] AND n.readers_level <= %s))"
SHOWN = f"{SEEN} AND (n.needs IS NULL OR n.needs && %s::text[]) AND (n.ends_at IS NULL OR n.ends_at > %s)"
BELL = f"""
    SELECT (
        SELECT count(*) FROM (
            SELECT 1 FROM notifications_notification n LEFT JOIN access_audience ON access_audience.id = n.audience_id
            WHERE n.recipient_id = %s AND n.read_at IS NULL AND {SHOWN}
            LIMIT %s
        ) AS unread
    ), (SELECT max(id) FROM notifications_notification WHERE recipient_id = %s)
"""  # noqa: S608  # the rule is a constant of `portal.access`
UNREAD_WITH_BELL = f"""
    WITH unread AS MATERIALIZED (
        SELECT n.id, n.kind, n.words, n.created_at
        FROM notifications_notification n LEFT JOIN access_audience ON access_audience.id = n.audience_id
        WHERE n.recipient_id = %s AND n.read_at IS NULL AND {SHOWN}
        ORDER BY n.id DESC LIMIT %s
    )
    SELECT (SELECT count(*) FROM unread), (SELECT max(id) FROM notifications_notification WHERE recipient_id = %s), newest.*
    FROM (SELECT) nothing LEFT JOIN (SELECT * FROM unread ORDER BY id DESC LIMIT %s) newest ON true
"""  # noqa: S608  # as above
UNREAD_COLUMNS = ("id", "kind", "words", "created_at", "read_at")


def _shown_to(standing: Any) -> list[Any]:
    """Tokens, level and tokens for the audience, tokens and level of those who take part, tokens that are needed, and the moment."""
    return [standing.tokens, standing.level, standing.tokens, standing.tokens, standing.level, standing.tokens, timezone.now()]


class NotificationQuerySet(models.QuerySet[Any]):
    def for_person(self, user: Any) -> Self:
        """Theirs, without those about things that they may not see today."""
        standing = standing_of(user)
        takes_part = Q(readers__overlap=standing.tokens, readers_level__lte=standing.level)
        seen = Q(audience__isnull=True, readers__isnull=True) | Q(audience__any=audience_ids_of(user)) | takes_part
        needs = Q(needs__isnull=True) | Q(needs__overlap=standing.tokens)
        return self.filter(seen, needs, Q(ends_at__isnull=True) | Q(ends_at__gt=timezone.now()), recipient=user)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def since(self, cursor: int) -> Self:
        return self.filter(pk__gt=cursor)

    def bell_of(self, user: Any) -> tuple[int, int]:
        """How many a person has not read, up to `MOST_COUNTED`, and their cursor; one statement, for it stands on every page."""
        known: tuple[int, int] | None = user.__dict__.pop("_bell", None)
        if known is not None:
            return known
        standing = standing_of(user)
        with connection.cursor() as cursor:
            cursor.execute(BELL, [user.pk, *_shown_to(standing), MOST_COUNTED, user.pk])
            count, newest = cursor.fetchone()
        return int(count), int(newest or 0)

    def newest_unread_of(self, user: Any, most: int) -> list[Any]:
        """The newest that a person has not read, without addresses; the bell of the same page is asked with them and not again."""
        standing = standing_of(user)
        with connection.cursor() as cursor:
            cursor.execute(UNREAD_WITH_BELL, [user.pk, *_shown_to(standing), MOST_COUNTED, user.pk, most])
            found = cursor.fetchall()
        user._bell = int(found[0][0]), int(found[0][1] or 0)
        return [self.model.from_db(self.db, UNREAD_COLUMNS, (pk, kind, json.loads(words), at, None)) for _count, _newest, pk, kind, words, at in found if pk]

    def newest_for(self, user: Any) -> int:
        """A person's cursor: the last thing that they were told, 0 where there is none."""
        return int(self.filter(recipient=user).aggregate(newest=models.Max("pk"))["newest"] or 0)
