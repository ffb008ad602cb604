"""Approval by a second person."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bulletin.forms.boards import CommentForm
from bulletin.models import Notice
from bulletin.services.notices import approve_notice, send_back_notice, take_back_notice
from bulletin.views.writing import preview_context, written_by
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.errors import PortalError
from portal.pages.drafts import draft_stamp
from portal.pages.errors import PublicationError


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def notice_approval(request: HttpRequest, pk: int) -> HttpResponse:
    """What waits for approval, as readers would see it: approve and publish, or send back with a comment."""
    notice = get_permitted(Notice, user=request.user, rows=written_by(request.user), pk=pk)
    if request.method != "POST":
        return _page(request, notice, CommentForm())
    form = CommentForm(request.POST)
    is_sent_back = request.POST.get("action") == "send_back"
    if is_sent_back and not form.is_valid():
        return _page(request, notice, form, status=422)
    try:
        if is_sent_back:
            send_back_notice(notice, comment=form.cleaned_data["comment"], actor=request.user)
            messages.success(request, _("It is sent back to its author."))
            return redirect("bulletin:drafts")
        approve_notice(notice, actor=request.user, seen=request.POST.get("seen", ""))
    except PublicationError as refusal:
        return _page(request, notice, CommentForm(), status=422, refusal=str(refusal))
    except PortalError as refusal:
        return _page(request, notice, CommentForm(), status=409, refusal=str(refusal))
    messages.success(request, _("Approved."))
    return redirect(notice)


@require_POST
@employee_required
def notice_taking_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one has asked approval for, and go on writing."""
    notice = get_permitted(Notice, user=request.user, action="change", pk=pk)
    try:
        take_back_notice(notice, actor=request.user)
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect("bulletin:notice_approval", pk=notice.pk)
    return redirect("bulletin:notice_update", pk=notice.pk)


def _page(request: HttpRequest, notice: Notice, form: CommentForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
    fresh = written_by(request.user).get(pk=notice.pk)
    context: dict[str, Any] = preview_context(fresh, request.user)
    context |= {"form": form, "refusal": refusal, "seen": draft_stamp(fresh)}
    return render(request, "bulletin/notice_approval.html", context, status=status)
