"""Writing a notice: beginning, saving (also by itself), previewing, publishing, and what two writers do to each other."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from wagtail.models import Revision, WorkflowState

from bulletin.errors import PublicationError
from bulletin.forms.notices import NoticeForm
from bulletin.models import DepartmentBoard, Notice
from bulletin.models.approvals import may_approve
from bulletin.policies import publishers_of
from bulletin.publishing import publishing_departments
from bulletin.services.drafts import create_notice, delete_draft, save_draft
from bulletin.services.notices import publish_notice, submit_notice, unschedule_notice
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.access.rules import AudienceRule, department_token
from portal.access.words import describe_rule
from portal.attachments.queries import attachments_on
from portal.foundation.errors import PortalError
from portal.foundation.rich_text import difference
from portal.organization.models import Department
from portal.pages.drafts import draft_stamp
from portal.pages.errors import EditConflictError

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
        return render(request, "bulletin/department_choice.html", {"departments": departments}, status=200 if request.method == "GET" else 422)
    department_id = int(asked) if asked.isdecimal() and len(asked) < 10 else own[0] if not asked else 0
    board = get_permitted(
        DepartmentBoard, user=request.user, action="publish", rows=DepartmentBoard.objects.select_related("department"), department=department_id
    )
    if request.method == "POST":
        return _Desk(request, board, None).take()
    kind = request.GET.get("kind", "")
    begun = {"kind": kind if kind in Notice.Kind.values else Notice.Kind.NOTICE, "allows_comments": True, "audience": board_rule(board)}
    return _page(request, board, None, NoticeForm(actor=request.user, initial=begun))


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def notice_update(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of a notice, or of its correction."""
    notice = get_permitted(Notice, user=request.user, action="change", rows=Notice.objects.select_related(*WRITTEN), pk=pk)
    board = DepartmentBoard.objects.select_related("department").get(department=notice.department_id)
    if request.method == "POST":
        return _Desk(request, board, notice).take()
    if notice.workflow_in_progress or planned_revision(notice) is not None:
        return redirect("bulletin:notice_preview", pk=notice.pk)
    return _page(request, board, notice, NoticeForm(actor=request.user, draft=notice.get_latest_revision_as_object()))


@require_GET
@employee_required
def notice_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What was saved last, as readers will see it, for those who may change it; and what it waits for."""
    notice = get_permitted(Notice, user=request.user, rows=written_by(request.user), pk=pk)
    return render(request, "bulletin/notice_preview.html", preview_context(notice, request.user))


@require_GET
@employee_required
def notice_writers(request: HttpRequest, pk: int) -> HttpResponse:
    """A line where someone else has saved since `seen`; nothing otherwise."""
    notice = get_permitted(Notice, user=request.user, rows=written_by(request.user), pk=pk)
    latest = notice.latest_revision
    is_foreign = latest is not None and latest.user_id != request.user.pk and draft_stamp(notice) != request.GET.get("seen", "")
    return render(request, "bulletin/_writers.html", {"revision": latest if is_foreign else None})


@require_POST
@employee_required
def notice_deletion(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete what was never published."""
    notice = get_permitted(Notice, user=request.user, action="delete", pk=pk)
    delete_draft(notice, actor=request.user)
    messages.success(request, _("The draft is deleted."))
    return redirect("bulletin:drafts")


@require_POST
@employee_required
def notice_unscheduling(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a planned publication off the schedule, and go on writing."""
    notice = get_permitted(Notice, user=request.user, action="change", pk=pk)
    try:
        unschedule_notice(notice, actor=request.user)
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect(notice)
    return redirect("bulletin:notice_update", pk=notice.pk)


@dataclass
class _Desk:
    """One sending of the form: keep what can be kept, then do what was asked."""

    request: HttpRequest
    board: DepartmentBoard
    notice: Notice | None

    def take(self) -> HttpResponse:
        draft = self.notice.get_latest_revision_as_object() if self.notice is not None else None
        form = NoticeForm(self.request.POST, self.request.FILES, actor=self.request.user, draft=draft)
        form.is_valid()
        is_autosave = "autosave" in self.request.POST
        try:
            if self.notice is None:
                self.notice = create_notice(self.board, actor=self.request.user, values=form.written())
            else:
                self._refuse_held(self.notice)
                save_draft(self.notice, actor=self.request.user, values=form.written(), seen=self.request.POST.get("seen", ""), is_autosave=is_autosave)
        except EditConflictError as conflict:
            return self._conflict(form, conflict)
        except PortalError as refusal:
            if is_autosave:
                return JsonResponse({"error": str(refusal)}, status=422)
            form.add_error(None, str(refusal))
            return _page(self.request, self.board, self.notice, form, status=422, seen=self.request.POST.get("seen", ""))
        self.notice = Notice.objects.select_related(*WRITTEN).get(pk=self.notice.pk)
        if is_autosave:
            return JsonResponse(_saved(self.notice, form))
        return self._go_on(form, self.notice)

    def _go_on(self, form: NoticeForm, notice: Notice) -> HttpResponse:
        """Whatever is refused from here on, what was typed is saved."""
        action = self.request.POST.get("action", "")
        if form.errors:
            return _page(self.request, self.board, notice, form, status=422)
        if action == "preview":
            return redirect("bulletin:notice_preview", pk=notice.pk)
        if action in {"publish", "submit"}:
            try:
                self._publish(notice)
            except PublicationError as refusal:
                form.refuse(refusal.problems)
                return _page(self.request, self.board, notice, form, status=422)
            except PortalError as refusal:
                form.add_error(None, str(refusal))
                return _page(self.request, self.board, notice, form, status=422)
            return redirect(notice)
        messages.success(self.request, _("The draft is saved."))
        return redirect("bulletin:notice_update", pk=notice.pk)

    def _publish(self, notice: Notice) -> None:
        if self.board.needs_second_person:
            submit_notice(notice, actor=self.request.user)
            messages.success(self.request, _("Your colleagues who may approve have been asked."))
            return
        published = publish_notice(notice, actor=self.request.user)
        planned = planned_revision(published)
        if planned is not None:
            messages.success(self.request, _("It will be published %(when)s.") % {"when": said(planned.approved_go_live_at)})
        elif published.version_number > 1:
            messages.success(self.request, _("The correction is published."))
        else:
            reach = published.versions.get(number=published.version_number).reach
            messages.success(self.request, ngettext("Published for %(number)s person.", "Published for %(number)s people.", reach) % {"number": f"{reach:,}"})

    def _conflict(self, form: NoticeForm, conflict: EditConflictError) -> HttpResponse:
        """409: what was typed stays on the page, beside what the other has made of it. Saving again takes the new stamp."""
        assert self.notice is not None
        if "autosave" in self.request.POST:
            return JsonResponse({"error": str(conflict), "is_conflict": True}, status=409)
        stored = Notice.objects.select_related(*WRITTEN).get(pk=self.notice.pk)
        theirs = stored.get_latest_revision_as_object()
        other = {
            "sentence": str(conflict),
            "title": theirs.title if theirs.title != form.cleaned_data.get("title") else "",
            "difference": difference(theirs.body, form.cleaned_data.get("body", "")),
            "revision": stored.latest_revision,
        }
        return _page(self.request, self.board, stored, form, status=409, other=other)

    def _refuse_held(self, notice: Notice) -> None:
        if notice.workflow_in_progress:
            raise PortalError(_("It waits for approval. Take it back before you change it; what you typed is still here."))
        if planned_revision(notice) is not None:
            raise PortalError(_("Its publication is planned. Take it off the schedule before you change it; what you typed is still here."))
        lock = notice.get_lock()
        if lock is not None and lock.for_user(self.request.user):
            raise PortalError(_("It is locked in the editor. Ask whoever locked it; what you typed is still here."))


def board_rule(board: DepartmentBoard) -> Any:
    """A notice is for its department until something else is chosen."""
    return AudienceRule.of([department_token(board.department_id)])


def written_by(user: Any) -> Any:
    """The notices of the departments for which this person may publish, in every state."""
    return Notice.objects.select_related(*WRITTEN).filter(department__in=publishing_departments(user))


def planned_revision(notice: Notice) -> Revision | None:
    """The revision whose publication is planned."""
    return notice.revisions.filter(approved_go_live_at__isnull=False).order_by("pk").last()


def preview_context(notice: Notice, user: Any) -> dict[str, Any]:
    """What the page of a notice needs to show what was saved last, and the state that it is in."""
    draft = notice.get_latest_revision_as_object()
    files = {row.pk: row for row in attachments_on(notice)}
    planned = planned_revision(notice)
    state = notice.current_workflow_state
    return {
        "notice": draft,
        "is_preview": True,
        "publishes": False,
        "audience": describe_rule(draft.audience.rule) if draft.audience is not None else _("nobody yet"),
        "files": [files[pk] for pk in draft.file_ids if pk in files],
        "versions": [],
        "planned": planned,
        "state": state if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS else None,
        "may_approve": may_approve(user, notice),
        "difference": difference(notice.body, draft.body) if notice.version_number else "",
        "revision": notice.latest_revision,
    }


def said(at: Any) -> str:
    return date_format(timezone.localtime(at), "m-d H:i")


def _saved(notice: Notice, form: NoticeForm) -> dict[str, Any]:
    """What the page learns of an automatic save."""
    missing = [str(form.fields[name].label) for name in form.errors if name in form.fields]
    time = date_format(timezone.localtime(), "H:i")
    text = _("Saved %(time)s by itself") % {"time": time}
    if missing:
        text = _("Saved %(time)s by itself, but not: %(fields)s") % {"time": time, "fields": _(", ").join(missing)}
    return {"stamp": draft_stamp(notice), "text": text, "is_whole": not missing, "url": reverse("bulletin:notice_update", args=[notice.pk]), "pk": notice.pk}


def _page(
    request: HttpRequest,
    board: DepartmentBoard,
    notice: Notice | None,
    form: NoticeForm,
    *,
    status: int = 200,
    seen: str | None = None,
    other: dict[str, Any] | None = None,
) -> HttpResponse:
    user: Any = request.user
    state = notice.current_workflow_state if notice is not None else None
    sent_back = state.current_task_state if state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES else None
    context = {
        "form": form,
        "board": board,
        "department": board.department,
        "notice": notice,
        "seen": seen if seen is not None else draft_stamp(notice) if notice is not None else "",
        "saved_at": notice.latest_revision.created_at if notice is not None and notice.latest_revision is not None else None,
        "sent_back": sent_back,
        "other": other,
        "can_ask": board.needs_second_person,
        "has_second": not board.needs_second_person or publishers_of(board.department_id).exclude(pk=user.pk).exists(),
    }
    return render(request, "bulletin/notice_form.html", context, status=status)
