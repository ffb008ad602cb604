"""The life of a page with an audience: begun, saved, published, planned, retracted, deleted. One way for every module."""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from portal.access.policies import decide
from portal.attachments.services import release_files
from portal.audit.services import record
from portal.pages.drafts import lock_page, overwritten_revision, refuse_conflict
from portal.pages.errors import AlreadyBegunError, PageStateError, PublicationError
from portal.pages.models import AudiencedPage
from portal.pages.registry import rules_of
from portal.pages.tree import child, grow

Written = TypeVar("Written", bound=AudiencedPage)


@transaction.atomic
def begin_page(page: Written, *, below: Page, actor: Any, values: Mapping[str, Any] | None = None, key: str = "") -> Written:
    """Begin a page on a branch of the tree. Nobody sees it but those who may write it. AlreadyBegunError where one was begun with this key."""
    lock_page(below)
    if key and child(below, type(page), slug=key) is not None:
        raise AlreadyBegunError(_("This was sent already."))
    page.title, page.slug, page.live, page.owner = _("Untitled"), key or uuid4().hex[:12], False, actor
    page.write(values or {})
    page = grow(below, page)
    page.save_revision(user=actor)
    record(actor, f"{page.noun}.drafted", page)
    return page


@transaction.atomic
def save_draft(page: AudiencedPage, *, actor: Any, values: Mapping[str, Any], seen: str | None, is_autosave: bool = False) -> Revision:
    """Keep what is being written, published or not. `seen` is the stamp of what the writer began with.

    Refuses with EditConflictError when someone (or another window) has saved since; nothing is changed then. What is kept already is not kept again.
    """
    stored = _held(page, actor, "change", "latest_revision__user", "locked_by")
    draft = stored.get_latest_revision_as_object()
    if not draft.write(values) and stored.latest_revision is not None:
        return stored.latest_revision
    refuse_conflict(stored, actor=actor, seen=seen)
    return draft.save_revision(user=actor, overwrite_revision=overwritten_revision(stored, actor) if is_autosave else None)


@transaction.atomic
def publish_draft(page: Written, *, actor: Any) -> Written:
    """Publish what was saved last: at once, or at its time. Refuses with PublicationError, which names each field that is wrong.

    Refuses also what is published already with this very text: of two who press at one moment one publishes it.
    """
    lock_page(page)
    stored = type(page)._default_manager.get(pk=page.pk)
    if stored.is_shown and stored.live_revision_id == stored.latest_revision_id:
        raise PublicationError({"change_note": _("This very text is published already. Change it, and say what was changed; readers see it.")})
    stored.publish(stored.get_latest_revision(), user=actor, skip_permission_checks=True)
    return type(page)._default_manager.get(pk=page.pk)


@transaction.atomic
def unschedule_page(page: AudiencedPage, *, actor: Any) -> None:
    """Take the publication that was planned off the schedule; the draft stays."""
    stored = _held(page, actor, "change")
    if not stored.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None):
        raise PageStateError(_("No publication is planned."))
    record(actor, f"{stored.noun}.unscheduled", stored)


@transaction.atomic
def retract_page(page: Written, *, reason: str, actor: Any) -> Written:
    """Take a page down at once, for good, with a reason. All that was written and published stays on record for those who publish."""
    if not reason.strip():
        raise PageStateError(_("Say why it is retracted."))
    stored = _held(page, actor, "retract")
    facts = {"retracted_at": timezone.now(), "retracted_by": actor, "retraction_reason": reason.strip()[:500], "is_shown": False}
    type(stored)._default_manager.filter(pk=stored.pk).update(**facts)
    record(actor, f"{stored.noun}.retracted", stored, before=stored.described(), reason=reason)
    stored.refresh_from_db()
    stored.unpublish(user=actor)
    rules_of(type(stored)).retracted(stored, actor, reason.strip())
    return stored


@transaction.atomic
def delete_draft(page: AudiencedPage, *, actor: Any) -> None:
    """Remove what was never published."""
    stored = _held(page, actor, "delete")
    record(actor, f"{stored.noun}.deleted", stored, before={"title": stored.draft_title})
    release_files(actor=actor, about=stored)
    rules_of(type(stored)).ended(stored)
    stored.delete()


@transaction.atomic
def publish_due(revision_id: int) -> None:
    """Carry out a planned publication; nothing where it was planned anew or called off. Its planner must still have the right."""
    planned = Revision.objects.select_related("user").filter(pk=revision_id, approved_go_live_at__lte=timezone.now())
    found = planned.first()
    if found is None:
        return
    lock_page(found.content_object)
    revision = planned.first()
    if revision is None:  # called off while this waited for the lock
        return
    page = revision.content_object
    try:
        with transaction.atomic():
            page.publish(revision, user=None, log_action="wagtail.publish.scheduled")
    except (PageStateError, PublicationError) as refusal:
        page.revisions.filter(pk=revision_id).update(approved_go_live_at=None)
        record(None, f"{page.noun}.unscheduled", page, reason=str(refusal))
        rules_of(type(page)).not_published(page, revision, str(refusal))


@transaction.atomic
def expire_due(page_id: int) -> None:
    """Note an expiry; readers have not seen the page since its very moment."""
    found = Page.objects.filter(pk=page_id).first()
    if found is None:
        return
    lock_page(found)
    page = found.specific
    if page.is_shown and not page.is_current:
        page.unpublish(set_expired=True)


def _held(page: Written, actor: Any, action: str, *related: str) -> Written:
    """The page as it is stored, locked, with the right to act on it."""
    lock_page(page)
    stored = type(page)._default_manager.select_related(*related).get(pk=page.pk)
    decision = decide(actor, action, stored)
    if not decision:
        raise PageStateError(str(decision.rule))
    return stored
