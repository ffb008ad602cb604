"""What readers do: open, mark all as read, confirm."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bulletin.models import Confirmation, Notice, NoticeVersion, Reading, ReadingMark
from portal.access.policies import decide
from portal.audit.services import record
from portal.live.services import ring_topics
from portal.notifications.models import Notification
from portal.notifications.services import bell_topic
from portal.organization.models import Employment
from portal.pages.errors import PageStateError


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


@transaction.atomic
def confirm_reading(notice: Notice, *, version_number: int, actor: Any) -> Confirmation:
    """ "I have read this version." Doing it twice is the same as once; refuses a version that is no longer the newest, for that was not read."""
    stored = Notice.objects.select_related("audience").get(pk=notice.pk)
    decision = decide(actor, "confirm", stored)
    if not decision:
        raise PageStateError(str(decision.rule))
    if version_number != stored.version_number:
        raise PageStateError(_("It was corrected while you were reading. Read what has changed, then confirm."))
    version = NoticeVersion.objects.get(notice=stored, number=version_number)
    confirmation, is_new = Confirmation.objects.get_or_create(
        notice=stored,
        number=version_number,
        person=actor,
        defaults={"version": version, "department_id": department_on_duty(actor.pk), "confirmed_at": timezone.now()},
    )
    if is_new:
        record(actor, "notice.confirmed", stored, after={"version": version_number})
    note_reading(stored, actor=actor)
    return confirmation


def department_on_duty(person_id: int) -> int | None:
    """The department of the person's main post today."""
    return Employment.objects.current().primary().filter(person=person_id).values_list("department_id", flat=True).first()
