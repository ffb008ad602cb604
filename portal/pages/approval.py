"""Approval by another person than the one who wrote it: Wagtail's workflow with one task, for every kind of page that asks for it.

Nothing is approved unseen, nobody approves their own, and of two who press one does it.
"""

from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from wagtail.models import Page, Task, TaskState, Workflow, WorkflowState, WorkflowTask

from portal.access.standings import people_holding, standing_of
from portal.accounts.models import User
from portal.audit.services import record
from portal.notifications.registry import NotificationKind
from portal.notifications.services import notify, withdraw_all
from portal.pages.drafts import draft_stamp, lock_page
from portal.pages.errors import PageStateError
from portal.pages.lifecycle import refuse_what_is_missing
from portal.pages.models import AudiencedPage
from portal.pages.registry import approval_by, approval_of

Written = TypeVar("Written", bound=AudiencedPage)


class ApprovalTask(Task):
    """A subclass for each kind of page says its `description`; who may act follows from the `Approval` of the page's model."""

    description: Any = ""

    class Meta:
        abstract = True

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return approves(user, obj.specific)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not approves(user, obj.specific)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return approves(user, obj.specific)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not may_approve(user, obj.specific):
            return []
        return [("reject", _("Send back"), True), ("approve", _("Approve"), False)]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        approval = approval_by(type(self))
        return _others_waiting(user).filter(task=self, workflow_state__object_id__in=approval.rows(user).values(text_pk=Cast("pk", CharField())))

    @classmethod
    def get_description(cls) -> Any:
        return cls.description


def ensure_workflow(model: type[Page]) -> Workflow:
    """The one workflow of this kind of page, with its one task."""
    approval = approval_of(model)
    task = approval.task.objects.first() or approval.task.objects.create(name=approval.workflow, content_type=ContentType.objects.get_for_model(approval.task))
    workflow, _is_new = Workflow.objects.get_or_create(name=approval.workflow)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task)
    return workflow


def approves(user: Any, page: Any) -> bool:
    """Whether this person approves pages such as this one, whoever wrote it."""
    return not standing_of(user).token_set.isdisjoint(approval_of(type(page)).tokens(page))


def may_approve(user: Any, page: Any) -> bool:
    """Whether this person may approve what waits: nobody approves their own."""
    state = page.current_workflow_task_state
    return state is not None and approves(user, page) and user.pk not in {state.workflow_state.requested_by_id, state.revision.user_id}


def approvers_of(page: Any) -> QuerySet[User]:
    return people_holding(tuple(approval_of(type(page)).tokens(page)))


def waiting_for(user: Any, model: type[Written]) -> QuerySet[Written]:
    """The pages of a kind that this person may approve, the longest waiting first."""
    states = _others_waiting(user).filter(workflow_state__status=WorkflowState.STATUS_IN_PROGRESS)
    own = approval_of(model).rows(user).annotate(text_pk=Cast("pk", CharField()))
    return own.filter(text_pk__in=states.values("workflow_state__object_id")).select_related("latest_revision__user").defer("body").order_by("pk")


@transaction.atomic
def submit_page(page: AudiencedPage, *, actor: Any, is_told: bool = True) -> None:
    """Ask the others who may approve to approve what was saved last. Refuses where there is nobody else.

    Who asks for many at once tells of them together (`is_told`), by `people_to_ask`.
    """
    lock_page(page)
    stored = type(page)._default_manager.get(pk=page.pk)
    approval = approval_of(type(page))
    draft = stored.get_latest_revision_as_object()
    refuse_what_is_missing(draft)
    others = people_to_ask(stored, actor=actor)
    if not others:
        raise PageStateError(str(approval.nobody))
    if stored.workflow_in_progress:
        raise PageStateError(_("It waits for approval already."))
    sent_back = stored.current_workflow_state
    if sent_back is not None:
        sent_back.resume(actor)
    else:
        ensure_workflow(type(page)).start(stored, actor)
    record(actor, f"{stored.noun}.submitted", stored)
    if is_told:
        ask_for_approval(stored, others, actor=actor)


def people_to_ask(page: Any, *, actor: Any) -> list[int]:
    """Who is asked to approve what this person hands in, whoever wrote it last."""
    writer = page.latest_revision.user_id
    return _to_ask(page, [actor.pk, *([writer] if writer else [])])


def ask_for_approval(page: Any, recipients: list[int], *, actor: Any) -> None:
    """The bell of those who are asked, for as long as they may."""
    approval = approval_of(type(page))
    words = {"person": actor.name, "title": page.draft_title}
    notify(approval.asked, words=words, about=page, recipients=recipients, url=page.decision_url, actor=actor, needs=list(approval.tokens(page)))


@transaction.atomic
def approve_page(page: AudiencedPage, *, actor: Any, seen: str | None = None) -> None:
    """Approve what another wrote; it is published, or planned, in the same transaction.

    `seen` is the stamp of the text that was read: what came after it is not approved unseen.
    """
    stored, state = _waiting(page, actor)
    if seen is not None and seen != draft_stamp(stored):
        raise PageStateError(_("It was changed while you were reading. Read what stands here now, then decide."))
    title, asked_by = stored.draft_title, state.workflow_state.requested_by_id
    record(actor, f"{stored.noun}.approved", stored)
    state.task.specific.on_action(state, actor, "approve")
    forget_request(stored)
    _answer(approval_of(type(page)).approved, stored, asked_by, {"title": title}, stored.get_absolute_url(), actor)


@transaction.atomic
def send_back_page(page: AudiencedPage, *, comment: str, actor: Any) -> None:
    """Send it back to its author, saying why."""
    if not comment.strip():
        raise PageStateError(_("Say what should be changed."))
    stored, state = _waiting(page, actor)
    state.task.specific.on_action(state, actor, "reject", comment=comment)
    forget_request(stored)
    record(actor, f"{stored.noun}.sent_back", stored, reason=comment)
    words = {"title": stored.draft_title, "comment": comment}
    _answer(approval_of(type(page)).sent_back, stored, state.workflow_state.requested_by_id, words, stored.writing_url, actor)


@transaction.atomic
def take_back_page(page: AudiencedPage, *, actor: Any) -> None:
    """Take back what waits for approval, so that it can be changed again."""
    lock_page(page)
    stored = type(page)._default_manager.get(pk=page.pk)
    if not stored.workflow_in_progress:
        raise PageStateError(_("It does not wait for approval any more; someone else may have been quicker."))
    stored.current_workflow_state.cancel(actor)
    forget_request(stored)
    record(actor, f"{stored.noun}.taken_back", stored)


def forget_request(page: Any) -> None:
    """Nobody is asked for an approval any more that was given, refused or taken back."""
    withdraw_all([page.decision_url], kinds=[approval_of(type(page)).asked])


def cancel_request(page: Any, actor: Any) -> None:
    """What waits for approval waits no longer, because the page has ended."""
    if page.workflow_in_progress:
        page.current_workflow_state.cancel(actor)


def _to_ask(page: Any, own: list[int]) -> list[int]:
    """Who is asked: those whose task it is, else all who may."""
    first = approval_of(type(page)).first
    nearest = people_holding(tuple(first(page))).exclude(pk__in=own) if first is not None else User.objects.none()
    return list(nearest.values_list("pk", flat=True)) or list(approvers_of(page).exclude(pk__in=own).values_list("pk", flat=True))


def _answer(kind: NotificationKind, page: Any, asked_by: int | None, words: dict[str, str], url: str, actor: Any) -> None:
    """To whoever asked: as long as they may write there."""
    if asked_by:
        notify(kind, words={"person": actor.name, **words}, about=page, recipients=[asked_by], url=url, actor=actor, needs=list(page.writer_tokens()))


def _waiting(page: Written, actor: Any) -> tuple[Written, TaskState]:
    lock_page(page)
    stored = type(page)._default_manager.get(pk=page.pk)
    state = stored.current_workflow_task_state
    if state is None:
        raise PageStateError(_("It does not wait for approval any more; someone else may have been quicker."))
    if not may_approve(actor, stored):
        raise PageStateError(str(approval_of(type(page)).others_only))
    return stored, state


def _others_waiting(user: Any) -> QuerySet[TaskState]:
    """What waits and neither was asked for nor written by this person."""
    waiting = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS)
    return waiting.exclude(workflow_state__requested_by=user.pk).exclude(revision__user=user.pk)
