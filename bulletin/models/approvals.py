"""A second person's approval, as a task of Wagtail's workflow."""

from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState, WorkflowState

from bulletin.models.notices import Notice
from bulletin.publishing import publishes_for, publishing_departments


class SecondPersonTask(Task):
    """Any publisher of the department approves, but for the one who asks and the one who wrote."""

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return publishes_for(user, obj.specific.department_id)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return not publishes_for(user, obj.specific.department_id)

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return publishes_for(user, obj.specific.department_id)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, Any, bool]]:
        if not may_approve(user, obj.specific):
            return []
        return [("reject", _("Send back"), True), ("approve", _("Approve"), False)]

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        own = Notice.objects.filter(department__in=publishing_departments(user)).values(text_pk=Cast("pk", CharField()))
        return (
            TaskState.objects.filter(task=self, status=TaskState.STATUS_IN_PROGRESS, workflow_state__object_id__in=own)
            .exclude(workflow_state__requested_by=user)
            .exclude(revision__user=user)
        )

    @classmethod
    def get_description(cls) -> Any:
        return _("Another publisher of the department approves.")

    class Meta:
        verbose_name = _("approval by a second person")


def waiting_for(user: Any) -> Any:
    """The notices that this person may approve, the longest waiting first."""
    departments = publishing_departments(user)
    if not departments:
        return Notice.objects.none()
    states = TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS, workflow_state__status=WorkflowState.STATUS_IN_PROGRESS)
    states = states.exclude(workflow_state__requested_by=user.pk).exclude(revision__user=user.pk)
    own = Notice.objects.filter(department__in=departments).annotate(text_pk=Cast("pk", CharField()))
    return own.filter(text_pk__in=states.values("workflow_state__object_id")).select_related("department", "latest_revision__user").defer("body").order_by("pk")


def may_approve(user: Any, notice: Notice) -> bool:
    """Whether this person may approve what waits: nobody approves their own."""
    state = notice.current_workflow_task_state
    return state is not None and publishes_for(user, notice.department_id) and user.pk not in {state.workflow_state.requested_by_id, state.revision.user_id}
