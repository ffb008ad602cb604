"""Writing: drafts and their revisions. The portal's form and Wagtail's editor save the same way."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision

from bulletin.errors import NoticeStateError
from bulletin.models import DepartmentBoard, Notice, NoticeVersion
from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from portal.attachments.services import hang_files, release_files
from portal.audit.services import record
from portal.foundation.rich_text import picture_ids
from portal.live.services import ring_topics
from portal.pages.drafts import overwritten_revision, refuse_conflict
from portal.pages.models import lock_page
from portal.pages.tree import grow

WRITTEN_FIELDS = (
    "title", "kind", "body", "file_ids", "audience", "is_urgent", "pinned_until", "allows_comments", "needs_confirmation", "confirm_by",
    "opens_on", "closes_on", "go_live_at", "expire_at", "change_note", "asks_anew",
)  # fmt: skip


@transaction.atomic
def create_notice(board: DepartmentBoard, *, actor: Any, kind: str = Notice.Kind.NOTICE, values: Mapping[str, Any] | None = None) -> Notice:
    """Begin a notice on a department's board, for the department itself until an audience is chosen. Nobody sees it but the department's publishers."""
    rule = AudienceRule.of([department_token(board.department_id)])
    notice = Notice(
        title=_("Untitled"), slug=uuid4().hex[:12], kind=kind, department=board.department, audience=Audience.objects.for_rule(rule), live=False, owner=actor
    )
    _write(notice, values or {})
    notice = grow(board, notice)
    notice.save_revision(user=actor)
    record(actor, "notice.drafted", notice)
    return notice


@transaction.atomic
def save_draft(notice: Notice, *, actor: Any, values: Mapping[str, Any], seen: str | None, is_autosave: bool = False) -> Revision:
    """Keep what is being written, published or not. `seen` is the stamp of what the writer began with.

    Refuses with EditConflictError when someone (or another window) has saved since; nothing is changed then.
    """
    lock_page(notice)
    stored = Notice.objects.select_related("latest_revision__user", "locked_by").get(pk=notice.pk)
    refuse_conflict(stored, actor=actor, seen=seen)
    if stored.retracted_at is not None:
        raise NoticeStateError(_("It was retracted. Write a new one."))
    draft = stored.get_latest_revision_as_object()
    _write(draft, values)
    return draft.save_revision(user=actor, overwrite_revision=overwritten_revision(stored, actor) if is_autosave else None)


@transaction.atomic
def delete_draft(notice: Notice, *, actor: Any) -> None:
    """Remove what was never published."""
    lock_page(notice)
    stored = Notice.objects.get(pk=notice.pk)
    if stored.published_at is not None:
        raise NoticeStateError(_("What was published is retracted, not deleted."))
    record(actor, "notice.deleted", stored, before={"title": stored.draft_title})
    release_files(actor=actor, about=stored)
    stored.delete()


def hang_draft(notice: Notice, _revision: Revision, actor: Any) -> None:
    """After every save: the files of the draft, of what is published and of earlier versions hang on the notice."""
    if actor is None:
        return
    stored = Notice.objects.get(pk=notice.pk)
    hang_notice_files(stored, actor=actor, draft=notice)
    ring_topics({f"notice:{stored.pk}": 0})


def hang_notice_files(stored: Notice, *, actor: Any, draft: Notice | None = None) -> None:
    """Readers may have what the published version names; publishers also what drafts and earlier versions do."""
    shown = list(stored.file_ids) if stored.version_number else []
    pictures = picture_ids(stored.body) if stored.version_number else []
    held = [*draft.file_ids, *picture_ids(draft.body)] if draft is not None else []
    for file_ids, body in NoticeVersion.objects.filter(notice=stored).values_list("file_ids", "body"):
        held += [*file_ids, *picture_ids(body)]
    hang_files(actor=actor, about=stored, shown=shown, pictures=pictures, held=held)


def _write(notice: Notice, values: Mapping[str, Any]) -> None:
    unknown = set(values) - set(WRITTEN_FIELDS)
    if unknown:
        raise TypeError(f"not written by authors: {sorted(unknown)}")
    if "kind" in values and notice.document_number and values["kind"] != Notice.Kind.DOCUMENT:
        raise NoticeStateError(_("A document that has its number remains a document."))
    for name, value in values.items():
        setattr(notice, name, value)
    notice.title = notice.title.strip()[:255] or _("Untitled")
