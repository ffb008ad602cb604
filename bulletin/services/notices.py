"""Publishing, correcting, scheduling, retracting; and what follows from each, whichever way it was asked for."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState

from bulletin.errors import NoticeStateError, PublicationError
from bulletin.models import Notice, NoticeVersion
from bulletin.models.approvals import may_approve
from bulletin.notifications import APPROVAL, APPROVED, CORRECTED, NOT_PUBLISHED, PUBLISHED, RETRACTED, SENT_BACK, URGENT
from bulletin.policies import publishers_of
from bulletin.services.bells import take_bells_back
from bulletin.services.boards import ensure_workflow
from bulletin.services.drafts import hang_notice_files
from bulletin.services.numbers import issue_number
from bulletin.services.topics import plan_topic_end
from portal.access.policies import decide
from portal.access.standings import people_matching
from portal.audit.services import record
from portal.discussion.services import ask_listeners_again
from portal.foundation.rich_text import to_text
from portal.notifications.services import notify
from portal.outbox.services import enqueue
from portal.pages.models import lock_page

PUBLISH_DUE = "bulletin.publish_due"
EXPIRE_DUE = "bulletin.expire_due"
REMIND_DUE = "bulletin.remind_due"
OVERDUE_DUE = "bulletin.overdue_due"


def publish_notice(notice: Notice, *, actor: Any) -> Notice:
    """Publish what was saved last: at once, or at its time. Where a second person approves, ask for that instead (`submit_notice`).

    Refuses with PublicationError, which names each field that is wrong; nothing is changed then.
    """
    with transaction.atomic():
        lock_page(notice)
        stored = Notice.objects.get(pk=notice.pk)
        revision = stored.get_latest_revision()
        stored.publish(revision, user=actor, skip_permission_checks=True)
    return Notice.objects.get(pk=notice.pk)


@transaction.atomic
def submit_notice(notice: Notice, *, actor: Any) -> None:
    """Ask the department's other publishers to approve what was saved last."""
    lock_page(notice)
    stored = Notice.objects.get(pk=notice.pk)
    draft = stored.get_latest_revision_as_object()
    refuse_what_is_missing(draft)
    others = list(publishers_of(stored.department_id).exclude(pk=actor.pk).values_list("pk", flat=True))
    if not others:
        raise NoticeStateError(_("The department has no second publisher who could approve. Delegate publishing to someone first."))
    if stored.workflow_in_progress:
        raise NoticeStateError(_("It waits for approval already."))
    sent_back = stored.current_workflow_state
    if sent_back is not None:
        sent_back.resume(actor)
    else:
        ensure_workflow().start(stored, actor)
    record(actor, "notice.submitted", stored)
    words = {"person": actor.name, "title": draft.title}
    notify(APPROVAL, words=words, recipients=others, url=reverse("bulletin:notice_approval", args=[stored.pk]), actor=actor)


@transaction.atomic
def approve_notice(notice: Notice, *, actor: Any) -> None:
    """Approve what another publisher wrote; it is published in the same transaction. Of two who press, one does it."""
    stored, state = _waiting(notice, actor)
    title, asked_by = stored.draft_title, state.workflow_state.requested_by_id
    record(actor, "notice.approved", stored)
    state.task.specific.on_action(state, actor, "approve")
    if asked_by:
        notify(APPROVED, words={"person": actor.name, "title": title}, recipients=[asked_by], url=stored.get_absolute_url(), actor=actor)


@transaction.atomic
def send_back_notice(notice: Notice, *, comment: str, actor: Any) -> None:
    """Send it back to its author, saying why."""
    if not comment.strip():
        raise NoticeStateError(_("Say what should be changed."))
    stored, state = _waiting(notice, actor)
    state.task.specific.on_action(state, actor, "reject", comment=comment)
    record(actor, "notice.sent_back", stored, reason=comment)
    if state.workflow_state.requested_by_id:
        notify(
            SENT_BACK,
            words={"person": actor.name, "title": stored.draft_title, "comment": comment},
            recipients=[state.workflow_state.requested_by_id],
            url=reverse("bulletin:notice_update", args=[stored.pk]),
            actor=actor,
        )


@transaction.atomic
def take_back_notice(notice: Notice, *, actor: Any) -> None:
    """Take back what waits for approval, so that it can be changed again."""
    lock_page(notice)
    stored = Notice.objects.get(pk=notice.pk)
    if not stored.workflow_in_progress:
        raise NoticeStateError(_("It does not wait for approval any more; someone else may have been quicker."))
    stored.current_workflow_state.cancel(actor)
    record(actor, "notice.taken_back", stored)


@transaction.atomic
def unschedule_notice(notice: Notice, *, actor: Any) -> None:
    """Take the publication that was planned off the schedule; the draft stays."""
    lock_page(notice)
    stored = Notice.objects.get(pk=notice.pk)
    if not stored.revisions.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=None):
        raise NoticeStateError(_("No publication is planned."))
    record(actor, "notice.unscheduled", stored)


@transaction.atomic
def retract_notice(notice: Notice, *, reason: str, actor: Any) -> Notice:
    """Take a notice down at once, for good, with a reason. Its text, versions and confirmations stay on record for its department."""
    if not reason.strip():
        raise NoticeStateError(_("Say why it is retracted."))
    lock_page(notice)
    stored = Notice.objects.get(pk=notice.pk)
    decision = decide(actor, "retract", stored)
    if not decision:
        raise NoticeStateError(str(decision.rule))
    now = timezone.now()
    Notice.objects.filter(pk=stored.pk).update(retracted_at=now, retracted_by=actor, retraction_reason=reason.strip()[:500], is_shown=False)
    record(actor, "notice.retracted", stored, before={"version": stored.version_number, "number": stored.number}, reason=reason)
    stored.refresh_from_db()
    stored.unpublish(user=actor)
    notify(
        RETRACTED,
        words={"person": actor.name, "title": stored.title, "reason": reason.strip()[:200]},
        recipients=list(publishers_of(stored.department_id).values_list("pk", flat=True)),
        url=stored.get_absolute_url(),
        actor=actor,
    )
    return stored


# What follows from a publication, in its transaction; called for the portal's form, the editor, the workflow and the schedule alike.


def check_publication(notice: Notice, revision: Revision, actor: Any) -> None:
    """Refuses what is incomplete, what this person may not publish, and what a second person has not approved."""
    publisher = actor or revision.user
    stored = Notice.objects.get(pk=notice.pk)
    decision = decide(publisher, "publish", stored) if publisher is not None else None
    if decision is None or not decision:
        raise NoticeStateError(str(decision.rule) if decision is not None else _("Nobody has signed for it."))
    refuse_what_is_missing(notice)
    if notice.has_workflow and not TaskState.objects.filter(revision=revision, status=TaskState.STATUS_APPROVED).exclude(finished_by=revision.user).exists():
        raise NoticeStateError(_("In this department a second person approves before anything is published."))


def refuse_what_is_missing(notice: Notice) -> None:
    """PublicationError with a sentence for each field that keeps a notice from being published as it is."""
    problems: dict[str, str] = {}
    begins = max(notice.go_live_at or timezone.now(), timezone.now())
    if not notice.title.strip() or notice.title == _("Untitled"):
        problems["title"] = _("Write a title.")
    if not to_text(notice.body).strip() and not notice.file_ids:
        problems["body"] = _("Write a text or add a file.")
    if notice.audience is None:
        problems["audience"] = _("Choose who may see it.")
    elif not people_matching(notice.audience.rule).exists():
        problems["audience"] = _("Nobody is in this audience today. Choose someone.")
    if notice.needs_confirmation and notice.confirm_by is not None and notice.confirm_by <= begins and not _keeps_deadline(notice):
        problems["confirm_by"] = _("The time to confirm by has passed. Choose one after %(time)s.") % {"time": _said(begins)}
    if notice.expire_at is not None and notice.expire_at <= begins:
        problems["expire_at"] = _("It would expire before it is published. Choose a time after %(time)s.") % {"time": _said(begins)}
    if notice.kind == Notice.Kind.DOCUMENT and notice.document_number is None and not (notice.board and notice.board.document_prefix):
        problems["kind"] = _("The department has no prefix for document numbers yet. Its head sets one on the board's page.")
    if notice.kind == Notice.Kind.TOPIC:
        problems |= _problems_of_topic(notice, begins)
    if notice.version_number and not notice.change_note.strip():
        problems["change_note"] = _("Say what was changed; readers see it.")
    if problems:
        raise PublicationError(problems)


def note_schedule(notice: Notice, revision: Revision, actor: Any) -> None:
    """A publication was planned: a worker carries it out at its time."""
    record(actor, "notice.scheduled", notice, after={"at": notice.go_live_at.isoformat() if notice.go_live_at else ""})
    enqueue(PUBLISH_DUE, {"revision": revision.pk}, due_at=notice.go_live_at)


def note_publication(notice: Notice, revision: Revision, actor: Any) -> None:
    """A revision has become public: its number, its version, its files, the bells, the times at which something is due."""
    assert notice.audience is not None, "checked before"
    assert notice.board is not None, "notices stand on boards"
    now = timezone.now()
    publisher = actor or revision.user
    is_first = notice.version_number == 0
    number = notice.version_number + 1
    asks = notice.needs_confirmation and (notice.binding_number is None or notice.asks_anew)
    changes: dict[str, Any] = {
        "is_shown": True,
        "shown_until": notice.expire_at,
        "version_number": number,
        "binding_number": number if asks else notice.binding_number if notice.needs_confirmation else None,
        "change_note": "",
        "asks_anew": False,
    }
    if is_first:
        changes |= {"published_at": now, "published_by": publisher}
    else:
        changes["corrected_at"] = now
    if notice.kind == Notice.Kind.DOCUMENT and notice.document_number is None:
        year = timezone.localdate().year
        changes |= {"document_prefix": notice.board.document_prefix, "document_year": year, "document_number": issue_number(notice.department, year)}
    note = notice.change_note.strip()
    Notice.objects.filter(pk=notice.pk).update(**changes)
    for name, value in changes.items():
        setattr(notice, name, value)
    NoticeVersion.objects.create(
        notice=notice,
        number=number,
        title=notice.title,
        body=notice.body,
        file_ids=notice.file_ids,
        audience=notice.audience,
        change_note=note,
        is_binding=asks,
        reach=people_matching(notice.audience.rule).count(),
        confirm_by=notice.confirm_by if notice.needs_confirmation else None,
        published_at=now,
        published_by=publisher,
    )
    hang_notice_files(notice, actor=publisher)
    record(
        publisher,
        "notice.published" if is_first else "notice.corrected",
        notice,
        after={"version": number, "number": notice.number, "audience": notice.audience.key, "note": note},
    )
    if not is_first:
        ask_listeners_again(notice)
    _tell(notice, publisher, is_first=is_first, asks=asks, note=note)
    _plan(notice, now)


def note_end(notice: Notice, actor: Any) -> None:
    """A notice has left the boards, by retraction, expiry or the editor: bells forget it too."""
    if notice.retracted_at is None and notice.published_at is not None:
        record(actor, "notice.expired", notice)
    Notice.objects.filter(pk=notice.pk).update(is_shown=False)
    take_bells_back(notice)
    ask_listeners_again(notice)


def publish_due(revision_id: int) -> None:
    """Carry out a planned publication; nothing where it was planned anew or called off. Its planner must still have the right."""
    with transaction.atomic():
        revision = Revision.objects.select_related("user").filter(pk=revision_id, approved_go_live_at__lte=timezone.now()).first()
        if revision is None:
            return
        notice = revision.content_object
        try:
            with transaction.atomic():
                notice.publish(revision, user=None, log_action="wagtail.publish.scheduled")
        except (NoticeStateError, PublicationError) as refusal:
            notice.revisions.filter(pk=revision_id).update(approved_go_live_at=None)
            record(None, "notice.unscheduled", notice, reason=str(refusal))
            notify(
                NOT_PUBLISHED,
                words={"title": notice.draft_title, "reason": str(refusal)},
                recipients=list(publishers_of(notice.department_id).values_list("pk", flat=True)),
                url=notice.get_absolute_url(),
            )


def expire_due(notice_id: int) -> None:
    """Note an expiry; readers have not seen the notice since its very moment."""
    with transaction.atomic():
        notice = Notice.objects.filter(pk=notice_id, is_shown=True, shown_until__lte=timezone.now()).first()
        if notice is not None:
            lock_page(notice)
            notice.unpublish(set_expired=True)


def _waiting(notice: Notice, actor: Any) -> tuple[Notice, TaskState]:
    lock_page(notice)
    stored = Notice.objects.get(pk=notice.pk)
    state = stored.current_workflow_task_state
    if state is None:
        raise NoticeStateError(_("It does not wait for approval any more; someone else may have been quicker."))
    if not may_approve(actor, stored):
        raise NoticeStateError(_("Approved by another publisher of the department than the one who wrote it."))
    return stored, state


def _keeps_deadline(notice: Notice) -> bool:
    """A correction may leave the deadline of the published version as it was, also when that has passed."""
    return not notice.asks_anew and NoticeVersion.objects.filter(notice=notice.pk, confirm_by=notice.confirm_by).exists()


def _problems_of_topic(notice: Notice, begins: datetime) -> dict[str, str]:
    if notice.closes_on is None:
        return {"closes_on": _("Say until which day suggestions are welcome.")}
    if notice.opens_on is not None and notice.closes_on < notice.opens_on:
        return {"closes_on": _("The last day must not lie before the first.")}
    if notice.closes_on < timezone.localdate(begins) and not notice.version_number:
        return {"closes_on": _("The last day has passed. Choose a later one.")}
    return {}


def _tell(notice: Notice, publisher: Any, *, is_first: bool, asks: bool, note: str) -> None:
    words = {"department": notice.department.name, "title": notice.title}
    if is_first:
        notify(URGENT if notice.is_urgent else PUBLISHED, words=words, about=notice, url=notice.get_absolute_url(), actor=publisher)
    elif asks:
        notify(CORRECTED, words=words | {"note": note}, about=notice, url=notice.get_absolute_url(), actor=publisher)


def _plan(notice: Notice, now: datetime) -> None:
    if notice.shown_until is not None:
        enqueue(EXPIRE_DUE, {"notice": notice.pk}, due_at=notice.shown_until)
    if notice.binding_number is not None and notice.confirm_by is not None and notice.confirm_by > now:
        deadline = {"notice": notice.pk, "binding": notice.binding_number, "by": notice.confirm_by.isoformat()}
        enqueue(REMIND_DUE, deadline, due_at=max(now + (notice.confirm_by - now) / 2, notice.confirm_by - timedelta(days=1)))
        enqueue(OVERDUE_DUE, deadline, due_at=notice.confirm_by)
    plan_topic_end(notice)


def _said(at: datetime) -> str:
    return date_format(timezone.localtime(at), "m-d H:i")
