"""Writing, publishing, correcting and retracting news; and what follows from each, whichever way it was asked for."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision

from bulletin.errors import PublicationError
from bulletin.news.errors import NewsStateError
from bulletin.news.models import NewsDesk, NewsItem
from bulletin.notifications import NOT_PUBLISHED
from portal.access.models import Audience
from portal.access.policies import decide
from portal.access.rules import EVERYONE, AudienceRule
from portal.access.standings import people_matching
from portal.attachments.services import hang_files, release_files
from portal.audit.services import record
from portal.foundation.rich_text import picture_ids, to_text
from portal.notifications.services import notify
from portal.outbox.services import enqueue
from portal.pages.drafts import overwritten_revision, refuse_conflict
from portal.pages.models import lock_page
from portal.pages.tree import ensure_root, grow

NEWS_PUBLISH_DUE = "bulletin.news_publish_due"
NEWS_EXPIRE_DUE = "bulletin.news_expire_due"
WRITTEN_FIELDS = (
    "title", "category", "summary", "body", "picture_id", "picture_alt", "source", "link", "is_lead", "audience", "go_live_at", "expire_at", "change_note",
)  # fmt: skip


def everyone() -> AudienceRule:
    """Whom news is for unless its editor says otherwise."""
    return AudienceRule.of([EVERYONE])


@transaction.atomic
def ensure_desk() -> NewsDesk:
    desk = NewsDesk.objects.first()
    if desk is None:
        root = ensure_root()
        lock_page(root)
        desk = NewsDesk.objects.first() or grow(root, NewsDesk(title="News", slug="news"))
    return desk


@transaction.atomic
def create_item(*, actor: Any, values: Mapping[str, Any] | None = None) -> NewsItem:
    """Begin an item, for everyone until another audience is chosen. Only editors see it."""
    item = NewsItem(title=_("Untitled"), slug=uuid4().hex[:12], audience=Audience.objects.for_rule(everyone()), live=False, owner=actor)
    _write(item, values or {})
    item = grow(ensure_desk(), item)
    item.save_revision(user=actor)
    record(actor, "news.drafted", item)
    return item


@transaction.atomic
def save_item(item: NewsItem, *, actor: Any, values: Mapping[str, Any], seen: str | None, is_autosave: bool = False) -> Revision:
    """Keep what is being written, published or not. `seen` is the stamp of what the writer began with.

    Refuses with EditConflictError when someone (or another window) has saved since; nothing is changed then.
    """
    lock_page(item)
    stored = NewsItem.objects.select_related("latest_revision__user", "locked_by").get(pk=item.pk)
    refuse_conflict(stored, actor=actor, seen=seen)
    if stored.retracted_at is not None:
        raise NewsStateError(_("It was retracted. Write a new one."))
    draft = stored.get_latest_revision_as_object()
    _write(draft, values)
    return draft.save_revision(user=actor, overwrite_revision=overwritten_revision(stored, actor) if is_autosave else None)


@transaction.atomic
def publish_item(item: NewsItem, *, actor: Any) -> NewsItem:
    """Publish what was saved last, at once or at its time. Refuses with PublicationError, which names each field that is wrong."""
    lock_page(item)
    stored = NewsItem.objects.get(pk=item.pk)
    stored.publish(stored.get_latest_revision(), user=actor, skip_permission_checks=True)
    return NewsItem.objects.get(pk=item.pk)


@transaction.atomic
def unschedule_item(item: NewsItem, *, actor: Any) -> None:
    """Take the publication that was planned off the schedule; the draft stays."""
    stored = _held(item, actor, "change")
    if not stored.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None):
        raise NewsStateError(_("No publication is planned."))
    record(actor, "news.unscheduled", stored)


@transaction.atomic
def lead_with(item: NewsItem, *, actor: Any, is_lead: bool) -> None:
    """Make it the lead story, before all that were so earlier; or a story among others again."""
    stored = _held(item, actor, "lead")
    if is_lead or stored.led_at is not None:
        NewsItem.objects.filter(pk=stored.pk).update(led_at=timezone.now() if is_lead else None)
        record(actor, "news.led" if is_lead else "news.unled", stored)


@transaction.atomic
def retract_item(item: NewsItem, *, reason: str, actor: Any) -> NewsItem:
    """Take an item down at once, for good, with a reason. Its text stays on record for editors."""
    if not reason.strip():
        raise NewsStateError(_("Say why it is retracted."))
    stored = _held(item, actor, "retract")
    NewsItem.objects.filter(pk=stored.pk).update(
        retracted_at=timezone.now(), retracted_by=actor, retraction_reason=reason.strip()[:500], is_shown=False, led_at=None
    )
    record(actor, "news.retracted", stored, reason=reason)
    stored.refresh_from_db()
    stored.unpublish(user=actor)
    return stored


@transaction.atomic
def delete_item(item: NewsItem, *, actor: Any) -> None:
    """Remove what was never published."""
    stored = _held(item, actor, "delete")
    record(actor, "news.deleted", stored, before={"title": stored.draft_title})
    release_files(actor=actor, about=stored)
    stored.delete()


# What follows from a save or a publication, in its transaction; called for the portal's form, the editor and the schedule alike.


def hang_item(item: NewsItem, _revision: Revision, actor: Any) -> None:
    """The pictures of the draft and of what is published hang on the item."""
    if actor is not None:
        _hang(NewsItem.objects.get(pk=item.pk), actor=actor, draft=item)


def check_item(item: NewsItem, revision: Revision, actor: Any) -> None:
    """Refuses what is incomplete, and what this person may not publish."""
    publisher = actor or revision.user
    stored = NewsItem.objects.get(pk=item.pk)
    decision = decide(publisher, "publish", stored) if publisher is not None else None
    if decision is None or not decision:
        raise NewsStateError(str(decision.rule) if decision is not None else _("Nobody may do this."))
    problems: dict[str, str] = {}
    if not item.title.strip() or item.title == _("Untitled"):
        problems["title"] = _("Give it a title.")
    if not item.summary.strip() and not to_text(item.body).strip() and not picture_ids(item.body):
        problems["summary"] = _("Write a summary or a text.")
    if item.audience is None or not people_matching(item.audience.rule).exists():
        problems["audience"] = _("Nobody would see it. Choose who it is for.")
    if item.picture_id is not None and not item.picture_alt.strip():
        problems["picture_alt"] = _("Say what the picture shows, for those who do not see it.")
    if item.expire_at is not None and item.expire_at <= max(timezone.now(), item.go_live_at or timezone.now()):
        problems["expire_at"] = _("It would have expired already. Choose a later time.")
    if stored.published_at is not None and not item.change_note.strip():
        problems["change_note"] = _("Say what was changed; readers see it.")
    if problems:
        raise PublicationError(problems)


def note_item_schedule(item: NewsItem, revision: Revision, actor: Any) -> None:
    """A publication was planned: a worker carries it out at its time."""
    record(actor, "news.scheduled", item, after={"at": item.go_live_at.isoformat() if item.go_live_at else ""})
    enqueue(NEWS_PUBLISH_DUE, {"revision": revision.pk}, due_at=item.go_live_at)


def note_item_publication(item: NewsItem, revision: Revision, actor: Any) -> None:
    """A revision has become public."""
    now = timezone.now()
    publisher = actor or revision.user
    is_first = item.published_at is None
    note = item.change_note.strip()
    changes: dict[str, Any] = {"is_shown": True, "shown_until": item.expire_at, "change_note": ""}
    changes |= {"published_at": now, "published_by": publisher} if is_first else {"corrected_at": now, "correction": note}
    if item.is_lead and item.led_at is None:
        changes["led_at"] = now
    NewsItem.objects.filter(pk=item.pk).update(**changes)
    for name, value in changes.items():
        setattr(item, name, value)
    _hang(item, actor=publisher)
    assert item.audience is not None, "checked before"
    record(publisher, "news.published" if is_first else "news.corrected", item, after={"audience": item.audience.key, "note": note})
    if item.shown_until is not None:
        enqueue(NEWS_EXPIRE_DUE, {"item": item.pk}, due_at=item.shown_until)


def note_item_end(item: NewsItem, actor: Any) -> None:
    if item.retracted_at is None and item.published_at is not None:
        record(actor, "news.expired", item)
    NewsItem.objects.filter(pk=item.pk).update(is_shown=False)


@transaction.atomic
def publish_item_due(revision_id: int) -> None:
    """Carry out a planned publication; nothing where it was planned anew or called off. Its planner must still have the right."""
    revision = Revision.objects.select_related("user").filter(pk=revision_id, approved_go_live_at__lte=timezone.now()).first()
    if revision is None:
        return
    item = revision.content_object
    try:
        with transaction.atomic():
            item.publish(revision, user=None, log_action="wagtail.publish.scheduled")
    except (NewsStateError, PublicationError) as refusal:
        item.revisions.filter(pk=revision_id).update(approved_go_live_at=None)
        record(None, "news.unscheduled", item, reason=str(refusal))
        if revision.user_id is not None:
            words = {"title": item.draft_title, "reason": str(refusal)}
            notify(NOT_PUBLISHED, words=words, recipients=[revision.user_id], url=item.get_absolute_url())


@transaction.atomic
def expire_item_due(item_id: int) -> None:
    """Note an expiry; readers have not seen the item since its very moment."""
    item = NewsItem.objects.filter(pk=item_id, is_shown=True, shown_until__lte=timezone.now()).first()
    if item is not None:
        lock_page(item)
        item.unpublish(set_expired=True)


def _held(item: NewsItem, actor: Any, action: str) -> NewsItem:
    """The item, locked, with the right to act on it."""
    lock_page(item)
    stored = NewsItem.objects.get(pk=item.pk)
    decision = decide(actor, action, stored)
    if not decision:
        raise NewsStateError(str(decision.rule))
    return stored


def _hang(stored: NewsItem, *, actor: Any, draft: NewsItem | None = None) -> None:
    shown = _pictures(stored) if stored.published_at is not None else []
    hang_files(actor=actor, about=stored, shown=[], pictures=shown, held=_pictures(draft) if draft is not None else [])


def _pictures(item: NewsItem) -> list[Any]:
    return [*([item.picture_id] if item.picture_id else []), *picture_ids(item.body)]


def _write(item: NewsItem, values: Mapping[str, Any]) -> None:
    unknown = set(values) - set(WRITTEN_FIELDS)
    if unknown:
        raise TypeError(f"not written by editors: {sorted(unknown)}")
    for name, value in values.items():
        setattr(item, name, value)
    item.title = item.title.strip()[:255] or _("Untitled")
