"""Writing a notice: beginning and previewing it; the desk does the rest."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods
from wagtail.models import WorkflowState

from bulletin.forms.notices import NoticeForm
from bulletin.models import DepartmentBoard, Notice
from bulletin.policies import publishers_of
from bulletin.publishing import publishing_departments
from bulletin.services.notices import create_notice, rule_of_board
from bulletin.services.numbers import next_number, number_to_come
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.organization.models import Department
from portal.organization.places import placed
from portal.pages.deciding import DecisionDesk, draft_context
from portal.pages.desk import Desk, publish_and_say, submit_and_say

WRITTEN = ("department", "audience", "latest_revision__user", "live_revision")


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def notice_create(request: HttpRequest) -> HttpResponse:
    """A new notice of one of my departments. The first save makes the draft; until then there is nothing."""
    own = publishing_departments(request.user)
    if not own:
        raise PermissionDenied(_("Publishing is a right of the department's head, and of those to whom it is delegated."))
    asked = request.GET.get("department", "")
    if not asked and len(own) > 1:
        departments = Department.objects.filter(pk__in=own).in_tree_order()
        return render(request, "bulletin/department_choice.html", {"departments": placed(departments)}, status=200 if request.method == "GET" else 422)
    department_id = int(asked) if asked.isdecimal() and len(asked) < 10 else own[0] if not asked else 0
    board = get_permitted(
        DepartmentBoard, user=request.user, action="publish", rows=DepartmentBoard.objects.select_related("department"), department=department_id
    )
    kind = request.GET.get("kind", "")
    begun = {"kind": kind if kind in Notice.Kind.values else Notice.Kind.NOTICE, "allows_comments": True, "audience": rule_of_board(board)}
    return DESK.serve(request, place=board, initial=begun)


@require_GET
@employee_required
def notice_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What was saved last, as readers will see it, for those who may change it; and what it waits for."""
    notice = get_permitted(Notice, user=request.user, rows=written_by(request.user), pk=pk)
    return render(request, "bulletin/notice_preview.html", preview_context(notice, request.user))


def written_by(user: Any) -> Any:
    """The notices of the departments for which this person may publish, in every state."""
    return Notice.objects.select_related(*WRITTEN).filter(department__in=publishing_departments(user))


def preview_context(notice: Notice, user: Any) -> dict[str, Any]:
    """What the page of a notice needs to show what was saved last, and the state that it is in."""
    context = draft_context(notice, user)
    draft = context["draft"]
    return context | {"notice": draft, "publishes": False, "versions": [], "number_to_come": number_to_come(draft)}


def _publish(notice: Notice, actor: Any) -> str:
    if notice.has_workflow:
        return submit_and_say(notice, actor)
    return publish_and_say(notice, actor, first=_reached)


def _reached(notice: Notice) -> str:
    reach = notice.versions.get(number=notice.version_number).reach
    return ngettext("Published for %(number)s person.", "Published for %(number)s people.", reach) % {"number": f"{reach:,}"}


def _context(request: HttpRequest, notice: Notice | None, place: DepartmentBoard | None) -> dict[str, Any]:
    user: Any = request.user
    board = place or DepartmentBoard.objects.select_related("department").get(department=notice.department_id if notice is not None else None)
    state = notice.current_workflow_state if notice is not None else None
    return {
        "heading": _("Correct a notice") if notice is not None and notice.version_number else _("Write a notice"),
        "department": board.department,
        "sent_back": state.current_task_state if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES else None,
        "asks": board.needs_second_person,
        "next_number": next_number(board),
        "has_second": not board.needs_second_person or publishers_of(board.department_id).exclude(pk=user.pk).exists(),
    }


DESK = Desk(
    model=Notice,
    form=NoticeForm,
    template="bulletin/notice_form.html",
    address="bulletin:notice",
    home="bulletin:drafts",
    begin=create_notice,
    publish=_publish,
    context=_context,
)
DECISIONS = DecisionDesk(
    model=Notice, template="bulletin/notice_approval.html", address="bulletin:notice", home="bulletin:drafts", rows=written_by, context=preview_context
)
