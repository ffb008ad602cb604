"""What is asked before a publication, and what follows from a save, a publication and an end, in the transaction of the act.

Called by the page itself, so that the portal's form, the editor, a workflow and the schedule cannot differ.
"""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState

from portal.access.policies import decide
from portal.access.standings import people_matching
from portal.access.visibility import reaches_customers
from portal.attachments.services import hang_files
from portal.audit.services import record
from portal.live.services import ring_topics
from portal.outbox.services import enqueue
from portal.pages.drafts import names_of_untitled
from portal.pages.errors import PageStateError, PublicationError
from portal.pages.registry import Publication, rules_of
from portal.search.services import touch

PUBLISH_DUE = "pages.publish_due"
EXPIRE_DUE = "pages.expire_due"


def refuse_publication(page: Any, revision: Revision, actor: Any) -> None:
    """Refuses what is incomplete, what this person may not publish, and what a second person has not approved."""
    publisher = actor or revision.user
    if publisher is None:
        raise PageStateError(_("Nobody has signed for it."))
    decision = decide(publisher, "publish", type(page).objects.get(pk=page.pk))
    if not decision:
        raise PageStateError(str(decision.rule))
    # What was planned is due at its time, and what a second person approves is published when it is approved.
    refuse_what_is_missing(page, is_due=revision.approved_go_live_at is not None or page.has_workflow)
    if page.has_workflow and not TaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED).exclude(finished_by=revision.user).exists():
        raise PageStateError(_("In this department a second person approves before anything is published."))


def refuse_what_is_missing(page: Any, *, is_due: bool = False) -> None:
    """PublicationError with a sentence for each field that keeps a page from being published as it is. `is_due`: its time may have come meanwhile."""
    problems: dict[str, str] = {}
    if not page.title.strip() or page.title in names_of_untitled():
        problems["title"] = _("Write a title.")
    if page.audience is None:
        problems["audience"] = _("Choose who may see it.")
    elif not reaches_customers(page.audience.rule) and not people_matching(page.audience.rule).exists():
        problems["audience"] = _("Nobody is in this audience today. Choose someone.")
    if not is_due and has_passed(page, "go_live_at"):
        problems["go_live_at"] = _("This time has passed. Choose a later one, or leave it empty to publish at once.")
    if page.expire_at is not None and page.expire_at <= page.begins_at:
        problems["expire_at"] = _("It would expire before it is published. Choose a time after %(time)s.") % {"time": said(page.begins_at)}
    if page.published_at is not None and not page.change_note.strip():
        problems["change_note"] = _("Say what was changed; readers see it.")
    problems |= rules_of(type(page)).missing(page)
    if problems:
        raise PublicationError(problems)


def has_passed(page: Any, name: str) -> bool:
    """Whether a time lies before this minute, other than one that was published so already."""
    at = getattr(page, name)
    if at is None or at >= timezone.now().replace(second=0, microsecond=0):
        return False
    return page.published_at is None or not type(page)._default_manager.filter(pk=page.pk, **{name: at}).exists()


def note_save(page: Any, actor: Any) -> None:
    """The files of the draft, of what is published and of what was so before hang on the page; who writes it too is told."""
    if actor is not None:
        _hang(type(page).objects.get(pk=page.pk), actor=actor, draft=page)
        ring_topics({f"page:{page.pk}": 0})


def note_schedule(page: Any, revision: Revision, actor: Any) -> None:
    """A publication was planned: a worker carries it out at its time."""
    record(actor, f"{page.noun}.scheduled", page, after={"at": page.go_live_at.isoformat() if page.go_live_at else ""})
    enqueue(PUBLISH_DUE, {"revision": revision.pk}, due_at=page.go_live_at)


def note_publication(page: Any, revision: Revision, actor: Any) -> None:
    """A revision has become public: its facts, its files, the record, its end."""
    rules = rules_of(type(page))
    publication = Publication(publisher=actor or revision.user, at=timezone.now(), is_first=page.published_at is None, note=page.change_note.strip())
    changes: dict[str, Any] = {"is_shown": True, "shown_until": page.expire_at, "change_note": ""}
    changes |= {"published_at": publication.at, "published_by": publication.publisher} if publication.is_first else {"corrected_at": publication.at}
    changes |= rules.facts(page, publication)
    type(page).objects.filter(pk=page.pk).update(**changes)
    for name, value in changes.items():
        setattr(page, name, value)
    _hang(page, actor=publication.publisher)
    verb = "published" if publication.is_first else "corrected"
    record(publication.publisher, f"{page.noun}.{verb}", page, after=page.described() | {"audience": page.audience.key, "note": publication.note})
    if page.shown_until is not None:
        enqueue(EXPIRE_DUE, {"page": page.pk}, due_at=page.shown_until)
    rules.published(page, publication)
    ring_topics({f"reading:{page.pk}": 0})
    touch(type(page), [page.pk])


def note_end(page: Any, actor: Any) -> None:
    """It has left the eyes of readers, by retraction or expiry."""
    if page.retracted_at is None and page.published_at is not None:
        record(actor, f"{page.noun}.expired", page)
    type(page).objects.filter(pk=page.pk).update(is_shown=False)
    rules_of(type(page)).ended(page)
    ring_topics({f"reading:{page.pk}": 0})
    touch(type(page), [page.pk])


def said(at: datetime) -> str:
    return date_format(timezone.localtime(at), "m-d H:i")


def _hang(stored: Any, *, actor: Any, draft: Any = None) -> None:
    """Readers may have what the published text names; writers also what drafts and earlier versions do."""
    is_out = stored.published_at is not None
    held = [*stored.earlier_files(), *([*draft.named_files, *draft.named_pictures] if draft is not None else [])]
    hang_files(actor=actor, about=stored, shown=stored.named_files if is_out else [], pictures=stored.named_pictures if is_out else [], held=held)
