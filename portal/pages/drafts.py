"""Saving what is being written so that nobody overwrites another: stamps, locks, and automatic saves."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from portal.pages.errors import EditConflictError

ONE_SITTING = timedelta(minutes=30)


def draft_stamp(page: Page) -> str:
    """Names what was saved last, so that a form knows whether it is still what it began with."""
    revision = page.latest_revision
    return f"{revision.pk}-{int(revision.created_at.timestamp() * 1_000_000)}" if revision is not None else ""


def refuse_conflict(page: Page, *, actor: Any, seen: str | None) -> None:
    """EditConflictError where someone (or another window) has saved since `seen`, or someone else has locked the page. None: nothing was seen."""
    if seen is not None and seen != draft_stamp(page):
        latest = page.latest_revision
        raise EditConflictError(
            _("%(person)s saved this while you were writing. Your text is kept here: compare, then save again.")
            % {"person": latest.user.name if latest is not None and latest.user is not None else _("Someone")}
        )
    if page.locked and page.locked_by_id != actor.pk:
        raise EditConflictError(
            _("%(person)s has locked this. Your text is kept here: save it when the lock is off.")
            % {"person": page.locked_by.name if page.locked_by is not None else _("Someone")}
        )


def overwritten_revision(page: Page, actor: Any) -> Revision | None:
    """The revision that an automatic save replaces: one's own, of this sitting, that nothing else refers to."""
    latest = page.latest_revision
    if latest is None or latest.user_id != actor.pk or latest.pk == page.live_revision_id or latest.approved_go_live_at is not None:
        return None
    if timezone.now() - latest.created_at > ONE_SITTING or latest.task_states.exists():
        return None
    return latest
