"""Where what waits for an approval is read and decided, as readers would see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.models import WorkflowState

from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.access.words import describe_rule
from portal.attachments.queries import attachments_on
from portal.foundation.errors import PortalError
from portal.foundation.rich_text import difference
from portal.pages.approval import approve_page, may_approve, send_back_page, take_back_page
from portal.pages.drafts import draft_stamp, planned_revision
from portal.pages.errors import PublicationError
from portal.pages.models import AudiencedPage


class CommentForm(forms.Form):
    """Why a page is sent back."""

    comment = forms.CharField(
        label=gettext_lazy("What should be changed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what should be changed.")},
    )


def draft_context(page: Any, user: Any) -> dict[str, Any]:
    """What was saved last of a page, as `draft`, and the state that it is in."""
    draft = page.get_latest_revision_as_object()
    files = {row.pk: row for row in attachments_on(page)}
    state = page.current_workflow_state
    return {
        "draft": draft,
        "is_preview": True,
        "audience": describe_rule(draft.audience.rule) if draft.audience is not None else _("nobody yet"),
        "files": [files[pk] for pk in draft.named_files if pk in files],
        "planned": planned_revision(page),
        "planned_at": draft.go_live_at if draft.begins_at == draft.go_live_at else None,
        "missed_at": draft.go_live_at if page.published_at is None and draft.begins_at != draft.go_live_at else None,
        "state": state if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS else None,
        "may_approve": may_approve(user, page),
        "difference": difference(page.body, draft.body) if page.published_at is not None else "",
        "revision": page.latest_revision,
    }


@dataclass(frozen=True, kw_only=True)
class DecisionDesk:
    """Addresses `<address>_approval` and `<address>_taking_back` (`urls`). `rows(user)` are those in which a person may look for what waits."""

    model: type[AudiencedPage]
    template: str
    address: str
    home: str
    rows: Callable[[Any], QuerySet[Any]]
    context: Callable[[Any, Any], dict[str, Any]]
    approved: Any = ""

    def urls(self) -> list[URLPattern]:
        """To be included below `<int:pk>/`."""
        name = self.address.rpartition(":")[2]
        return [path("", self.approval, name=f"{name}_approval"), path("end/", self.taking_back, name=f"{name}_taking_back")]

    @method_decorator([require_http_methods(["GET", "HEAD", "POST"]), employee_required])
    def approval(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What waits for approval: approve and publish, or send back with a comment."""
        page = get_permitted(self.model, user=request.user, rows=self.rows(request.user), pk=pk)
        if request.method != "POST":
            return self._show(request, pk, CommentForm())
        form = CommentForm(request.POST)
        is_sent_back = request.POST.get("action") == "send_back"
        if is_sent_back and not form.is_valid():
            return self._show(request, pk, form, status=422)
        try:
            if is_sent_back:
                send_back_page(page, comment=form.cleaned_data["comment"], actor=request.user)
                messages.success(request, _("It is sent back to its author."))
                return redirect(self.home)
            approve_page(page, actor=request.user, seen=request.POST.get("seen", ""))
        except PublicationError as refusal:
            return self._show(request, pk, CommentForm(), status=422, refusal=str(refusal))
        except PortalError as refusal:
            return self._show(request, pk, CommentForm(), status=409, refusal=str(refusal))
        messages.success(request, str(self.approved or _("Approved.")))
        return redirect(page)

    @method_decorator([require_POST, employee_required])
    def taking_back(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take back what one has asked approval for, and go on writing."""
        page = get_permitted(self.model, user=request.user, action="change", pk=pk)
        try:
            take_back_page(page, actor=request.user)
        except PortalError as refusal:
            messages.error(request, str(refusal))
            return redirect(f"{self.address}_approval", pk=page.pk)
        return redirect(f"{self.address}_update", pk=page.pk)

    def _show(self, request: HttpRequest, pk: int, form: CommentForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
        fresh = self.rows(request.user).get(pk=pk)
        context = {**self.context(fresh, request.user), "form": form, "refusal": refusal, "seen": draft_stamp(fresh)}
        return render(request, self.template, context, status=status)
