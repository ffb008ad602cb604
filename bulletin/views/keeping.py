"""What publishers do to notices that are out, and heads to their boards: retracting, further boards, who publishes."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bulletin.capabilities import OVERSEE
from bulletin.forms.boards import BoardForm, DelegationForm, ReasonForm, ReferenceForm
from bulletin.models import BoardReference, DepartmentBoard, Notice, PublishingDelegation, Reading
from bulletin.services.boards import PrefixTakenError, delegate_publishing, drop_reference, end_delegation, keep_board, refer_notice
from bulletin.services.numbers import next_number
from portal.access.decorators import employee_required
from portal.access.policies import can, decide, get_permitted
from portal.access.registry import has_capability
from portal.access.standings import standing_of
from portal.confirmations.models import Confirmation
from portal.foundation.errors import PortalError
from portal.organization.places import posts_of
from portal.organization.querysets import today
from portal.pages.errors import PageStateError
from portal.pages.services import retract_page

BOARD = ("department",)
PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def notice_retraction(request: HttpRequest, pk: int) -> HttpResponse:
    """Retract a published notice, with a reason. Who watches over the boards may do so without seeing the text."""
    overseen = has_capability(request.user, OVERSEE)
    notice = _overseen(request, pk) if overseen else get_permitted(Notice, user=request.user, action="retract", rows=_titles(), pk=pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            retract_page(notice, reason=form.cleaned_data["reason"], actor=request.user)
        except PageStateError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("“%(title)s” is retracted. Readers do not see it any more.") % {"title": notice.title})
        return redirect(
            "bulletin:notice_detail" if can(request.user, "report", notice) else "bulletin:oversight", *([pk] if can(request.user, "report", notice) else [])
        )
    context = {
        "form": form,
        "notice": notice,
        "is_own": can(request.user, "report", notice),
        "read": Reading.objects.filter(notice=notice).count(),
        "confirmed": Confirmation.objects.of(notice).values("person").distinct().count(),
    }
    return render(request, "bulletin/notice_retraction.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def reference_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a published notice that one may see on a further board for which one publishes; its audience stays what it is."""
    notice = get_permitted(Notice, user=request.user, rows=_titles(), pk=pk)
    form = ReferenceForm(request.POST if request.method == "POST" else None, notice=notice, actor=request.user)
    if request.method == "POST" and form.is_valid():
        department = form.cleaned_data["department"]
        try:
            refer_notice(notice, department, actor=request.user)
        except PageStateError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It stands on the board of %(department)s too, for those who may see it.") % {"department": department.label})
            return redirect(notice)
    context = {"form": form, "notice": notice, "references": _own_references(request, notice)}
    return render(request, "bulletin/reference_form.html", context, status=422 if form.errors else 200)


@require_POST
@employee_required
def reference_deletion(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a notice off a further board: its own publishers may, and those of that board."""
    reference = get_object_or_404(BoardReference.objects.select_related("notice", "department"), pk=pk)
    notice = get_permitted(Notice, user=request.user, pk=reference.notice_id)
    board = get_object_or_404(DepartmentBoard, department=reference.department_id)
    if not can(request.user, "publish", board):
        get_permitted(Notice, user=request.user, action="report", pk=notice.pk)
    drop_reference(reference, actor=request.user)
    messages.success(request, _("It does not stand on the board of %(department)s any more.") % {"department": reference.department.label})
    return redirect(notice)


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def board_update(request: HttpRequest, department_id: int) -> HttpResponse:
    """How a department publishes: the prefix of its documents, the second person, who publishes for a time."""
    board = _board(request, department_id, "change")
    form = BoardForm(request.POST if request.method == "POST" else None, instance=board)
    if request.method == "POST" and form.is_valid():
        stored = DepartmentBoard.objects.select_related("department").get(pk=board.pk)
        try:
            keep_board(stored, **form.cleaned_data, actor=request.user)
        except PrefixTakenError as refusal:
            form.add_error("document_prefix", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("bulletin:board_update", department_id=department_id)
    return _board_page(request, board, form=form, status=422 if form.errors else 200)


@require_POST
@employee_required
def delegation_create(request: HttpRequest, department_id: int) -> HttpResponse:
    board = _board(request, department_id, "delegate")
    form = DelegationForm(request.POST)
    if form.is_valid():
        try:
            delegation = delegate_publishing(board.department, **form.cleaned_data, actor=request.user)
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("%(person)s may publish for %(department)s.") % {"person": delegation.person.name, "department": board.department.label}
            )
            return redirect("bulletin:board_update", department_id=department_id)
    return _board_page(request, board, delegation_form=form, status=422)


@require_POST
@employee_required
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    delegation = get_object_or_404(PublishingDelegation, pk=pk, department__in=standing_of(request.user).headed_department_ids)
    end_delegation(delegation, actor=request.user)
    messages.success(request, _("The delegation is ended. What was published stays."))
    return redirect("bulletin:board_update", department_id=delegation.department_id)


def _board(request: HttpRequest, department_id: int, action: str) -> DepartmentBoard:
    rows = DepartmentBoard.objects.select_related("department")
    return get_permitted(DepartmentBoard, user=request.user, action=action, rows=rows, department=department_id)


def _board_page(
    request: HttpRequest, board: DepartmentBoard, *, form: BoardForm | None = None, delegation_form: DelegationForm | None = None, status: int = 200
) -> HttpResponse:
    delegations = PublishingDelegation.objects.filter(department=board.department_id).select_related("person", "given_by").order_by("-ends_on", "-pk")[:100]
    day, posts = today(), posts_of([one.person_id for one in delegations])
    rows = [
        {"delegation": one, "place": posts.get(one.person_id, ""), "is_open": one.ended_at is None and one.ends_on >= day, "holds": one.holds_on(day)}
        for one in delegations
    ]
    context = {
        "board": board,
        "department": board.department,
        "form": form or BoardForm(instance=board),
        "delegation_form": delegation_form or DelegationForm(),
        "delegations": rows,
        "next_number": next_number(DepartmentBoard.objects.get(pk=board.pk)),
    }
    return render(request, "bulletin/board_form.html", context, status=status)


def _titles() -> Any:
    return Notice.objects.select_related("department").defer("body")


def _overseen(request: HttpRequest, pk: int) -> Notice:
    """Any published notice, for whoever watches over the boards: by title, and to retract it only."""
    notice = get_object_or_404(_titles().filter(published_at__isnull=False), pk=pk)
    if not decide(request.user, "retract", notice):
        get_permitted(Notice, user=request.user, action="retract", rows=_titles(), pk=pk)
    return notice


def _own_references(request: HttpRequest, notice: Notice) -> list[dict[str, Any]]:
    """The further boards on which it stands, and whether this person may take it off each."""
    is_own = can(request.user, "report", notice)
    boards = {board.department_id: board for board in DepartmentBoard.objects.filter(department__in=notice.references.values("department"))}
    return [
        {"reference": one, "may_drop": is_own or can(request.user, "publish", boards[one.department_id])}
        for one in notice.references.select_related("department", "placed_by")
    ]
