"""What papers do when the plant or its calendar changes."""

from collections.abc import Collection
from datetime import date

from portal.approvals.services.moving import CALENDAR, RESEAT
from portal.calendar.registry import register_calendar_listener
from portal.organization.registry import follow_changes
from portal.outbox.services import enqueue


def look_at_tasks(_user_ids: Collection[int] | None) -> None:
    """Somebody's posts have changed: a task may be without anybody to decide."""
    enqueue(RESEAT)


def look_at_dues(_first: date, _last: date) -> None:
    enqueue(CALENDAR)


follow_changes(look_at_tasks)
register_calendar_listener(look_at_dues)
