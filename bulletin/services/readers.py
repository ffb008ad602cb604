"""What readers do: open, mark all as read. What they confirm is `portal.confirmations`."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bulletin.models import Notice, Reading, ReadingMark
from portal.live.services import ring_topics
from portal.notifications.models import Notification
from portal.notifications.services import bell_topic


@transaction.atomic
def note_reading(notice: Notice, *, actor: Any) -> None:
    """The person has opened it: the first time is kept, and its bell is still."""
    Reading.objects.bulk_create([Reading(notice=notice, person=actor, read_at=timezone.now())], ignore_conflicts=True)
    if Notification.objects.filter(recipient=actor, url=notice.get_absolute_url(), read_at__isnull=True).update(read_at=timezone.now()):
        ring_topics({bell_topic(actor.pk): 0})


@transaction.atomic
def mark_all_read(*, actor: Any, until: datetime) -> None:
    """Everything published up to a moment counts as read by the person; it does not count as opened in reports."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {ReadingMark._meta.db_table} (person_id, read_until) VALUES (%s, %s)"  # noqa: S608  # a constant
            " ON CONFLICT (person_id) DO UPDATE SET read_until = greatest(bulletin_readingmark.read_until, excluded.read_until)",
            [actor.pk, min(until, timezone.now())],
        )
