"""Saving what is being written so that nobody overwrites another: stamps, locks, and automatic saves."""

from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.models import Page, Revision

from portal.pages.errors import EditConflictError, PageStateError

ONE_SITTING = timedelta(minutes=30)


@cache
def names_of_untitled() -> frozenset[str]:
    """What stands for a title that is still missing, in every language: whoever goes on writing may read another one."""
    names = set()
    for code, _name in settings.LANGUAGES:
        with override(code):
            names.add(_("Untitled"))
    return frozenset(names)


def lock_page(page: Page) -> None:
    """Hold a page until the end of the transaction, so that two acts on it happen one after the other. PageStateError where it was deleted meanwhile."""
    if Page.objects.select_for_update().only("pk").filter(pk=page.pk).first() is None:
        raise PageStateError(_("It is not there any more; someone has deleted it."))


def draft_stamp(page: Page) -> str:
    """Names what was saved and published last, so that a form knows whether it is still what it began with."""
    revision = page.latest_revision
    return f"{revision.pk}-{int(revision.created_at.timestamp() * 1_000_000)}-{page.live_revision_id or 0}" if revision is not None else ""


def planned_revision(page: Page) -> Revision | None:
    """The revision whose publication is planned."""
    return page.revisions.filter(approved_go_live_at__isnull=False).order_by("pk").last()


def refuse_conflict(page: Page, *, actor: Any, seen: str | None) -> None:
    """EditConflictError where someone (or another window) has saved since `seen`, or someone else has locked the page. None: nothing was seen."""
    if seen is not None and seen != draft_stamp(page):
        latest = page.latest_revision
        if latest is not None and latest.user_id == actor.pk:
            raise EditConflictError(_("You have saved this in another window since. What you typed here is kept: compare, then save again."))
        raise EditConflictError(
            _("%(person)s saved this while you were writing. Your text is kept here: compare, then save again.")
            % {"person": latest.user.name if latest is not None and latest.user is not None else _("Someone")}
        )
    if page.locked and page.locked_by_id != actor.pk:
        raise EditConflictError(
            _("%(person)s has locked this. Your text is kept here: save it when the lock is off.")
            % {"person": page.locked_by.name if page.locked_by is not None else _("Someone")}
        )


def refuse_held(page: Page, *, actor: Any) -> None:
    """PageStateError while it waits for an approval or for its time, or where it is locked for this person: it is not written on meanwhile."""
    if page.workflow_in_progress:
        raise PageStateError(_("It waits for approval. Take it back before you change it; what you typed is still here."))
    if planned_revision(page) is not None:
        raise PageStateError(_("Its publication is planned. Take it off the schedule before you change it; what you typed is still here."))
    lock = page.get_lock()
    if lock is not None and lock.for_user(actor):
        raise PageStateError(_("It is locked in the editor. Ask whoever locked it; what you typed is still here."))


def overwritten_revision(page: Page, actor: Any) -> Revision | None:
    """The revision that an automatic save replaces: one's own, of this sitting, that nothing else refers to."""
    latest = page.latest_revision
    if latest is None or latest.user_id != actor.pk or latest.pk == page.live_revision_id or latest.approved_go_live_at is not None:
        return None
    if timezone.now() - latest.created_at > ONE_SITTING or latest.task_states.exists():
        return None
    return latest
