"""Where pages are written: one form for a draft or a correction, which also saves by itself, and what two writers do to each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.errors import PortalError
from portal.foundation.rich_text import clean_html, difference, not_kept_yet
from portal.pages.approval import submit_page
from portal.pages.drafts import draft_stamp, planned_revision, refuse_held
from portal.pages.errors import AlreadyBegunError, EditConflictError, PublicationError
from portal.pages.forms import PageForm
from portal.pages.lifecycle import said
from portal.pages.models import AudiencedPage
from portal.pages.registry import workplaces_of
from portal.pages.services import delete_draft, publish_draft, save_draft, unschedule_page

RELATED = ("audience", "latest_revision__user", "live_revision")
PUBLISHING = {"publish", "submit"}


def publish_and_say(page: Any, actor: Any, *, first: Callable[[Any], str] = lambda page: _("Published.")) -> str:
    """Publish what was saved last; what came of it, in a sentence. `first` says a first publication."""
    published = publish_draft(page, actor=actor)
    planned = planned_revision(published)
    if planned is not None:
        return _("It will be published %(when)s.") % {"when": said(planned.approved_go_live_at)}
    return _("The correction is published.") if published.corrected_at else first(published)


def submit_and_say(page: Any, actor: Any) -> str:
    """Ask others to approve what was saved last."""
    submit_page(page, actor=actor)
    return _("Your colleagues who may approve have been asked.")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where one kind of page is written. Its addresses are `<address>_update`, `_writers`, `_deletion`, `_unscheduling` (`urls`), and the module's `_preview`.

    `begin(place, actor=, values=, key=)` makes the draft, `publish(page, actor)` does what was asked and says it,
    `context(request, page, place)` is what the template needs beside what every desk gives it.
    """

    model: type[AudiencedPage]
    form: type[PageForm]
    template: str
    address: str
    home: str
    begin: Callable[..., Any]
    publish: Callable[[Any, Any], str] = publish_and_say
    context: Callable[[HttpRequest, Any, Any], dict[str, Any]] = lambda request, page, place: {}

    def urls(self) -> list[URLPattern]:
        """To be included below `<int:pk>/`."""
        name = self.address.rpartition(":")[2]
        return [
            path("", self.update, name=f"{name}_update"),
            path("writers/", self.writers, name=f"{name}_writers"),
            path("deletion/", self.deletion, name=f"{name}_deletion"),
            path("schedule/", self.unscheduling, name=f"{name}_unscheduling"),
        ]

    @method_decorator([require_http_methods(["GET", "HEAD", "POST"]), employee_required])
    def update(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft of a page, or of its correction."""
        try:
            page = get_permitted(self.model, user=request.user, action="change", rows=self.rows(), pk=pk)
        except (Http404, PermissionDenied) as refusal:
            if request.method != "POST":
                raise
            return _give_back(request, refusal)
        if request.method != "POST" and (page.workflow_in_progress or planned_revision(page) is not None):
            return redirect(f"{self.address}_preview", pk=page.pk)
        return self.serve(request, page)

    @method_decorator([require_safe, employee_required])
    def writers(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A line where someone else has saved since `seen`; nothing otherwise."""
        page = get_permitted(self.model, user=request.user, action="change", rows=self.rows(), pk=pk)
        latest = page.latest_revision
        is_foreign = latest is not None and latest.user_id != request.user.pk and draft_stamp(page) != request.GET.get("seen", "")
        return render(request, "pages/_writers.html", {"revision": latest if is_foreign else None})

    @method_decorator([require_POST, employee_required])
    def deletion(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Delete what was never published."""
        page = get_permitted(self.model, user=request.user, action="delete", pk=pk)
        try:
            delete_draft(page, actor=request.user)
        except PortalError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The draft is deleted."))
        return redirect(self.home)

    @method_decorator([require_POST, employee_required])
    def unscheduling(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a planned publication off the schedule, and go on writing."""
        page = get_permitted(self.model, user=request.user, action="change", pk=pk)
        try:
            unschedule_page(page, actor=request.user)
        except PortalError as refusal:
            messages.error(request, str(refusal))
            return redirect(page)
        return redirect(f"{self.address}_update", pk=page.pk)

    def serve(self, request: HttpRequest, page: Any = None, *, place: Any = None, initial: Mapping[str, Any] | None = None) -> HttpResponse:
        """The form of a page, or of one that is begun at a place; the first save makes the draft, until then there is nothing.

        The address of a new form carries its key once a script has put it there: whoever comes back to it is led to what it made.
        """
        sitting = _Sitting(self, request, page, place)
        if request.method == "POST":
            return sitting.take()
        if page is None and (made := sitting.made()) is not None:
            return redirect(made if made.published_at else reverse(f"{self.address}_update", args=[made.pk]))
        return sitting.show(self.form(actor=request.user, draft=sitting.draft, initial=dict(initial or {})))

    def rows(self) -> Any:
        return self.model._default_manager.select_related(*RELATED)


def _give_back(request: HttpRequest, refusal: Http404 | PermissionDenied) -> HttpResponse:
    """Who may write it no longer is shown what they had typed, and nothing else."""
    is_known = isinstance(refusal, PermissionDenied)
    reason = str(refusal) if is_known else _("You can no longer write this: it was deleted, or your right to publish has ended.")
    status = 403 if is_known else 404
    if "autosave" in request.POST:
        kept = _("What you typed is still here; copy what you need.")
        return JsonResponse({"error": f"{reason} {kept}"}, status=status)
    body = request.POST.get("body", "")
    try:
        body = clean_html(body)
    except PortalError:  # longer than a text may be: as it was sent
        body = escape(body)
    return render(request, "pages/given_back.html", {"title": request.POST.get("title", ""), "body": body, "reason": reason}, status=status)


@dataclass
class _Sitting:
    """One sending of the form: keep what can be kept, then do what was asked."""

    desk: Desk
    request: HttpRequest
    page: Any
    place: Any

    @property
    def draft(self) -> Any:
        return self.page.get_latest_revision_as_object() if self.page is not None else None

    @cached_property
    def key(self) -> str:
        """Names what the form of a new page makes, so that it makes one thing however often it is sent."""
        try:
            return UUID(hex=self.request.POST.get("key") or self.request.GET.get("key", "")).hex
        except ValueError:
            return uuid4().hex

    def take(self) -> HttpResponse:
        user, sent = self.request.user, self.request.POST
        if self.page is None:
            try:
                self.page = self.made(action="change")
            except (Http404, PermissionDenied) as refusal:
                return _give_back(self.request, refusal)
        form = self.desk.form(sent, self.request.FILES, actor=user, draft=self.draft)
        form.is_valid()
        is_autosave = "autosave" in sent
        if is_autosave and self.page is None and form.is_hardly_begun():
            return JsonResponse(not_kept_yet())
        try:
            if self.page is None:
                self.page = self.desk.begin(self.place, actor=user, values=form.written(), key=self.key)
            elif self._is_sent_again(form):
                return redirect(self.page)
            else:
                refuse_held(self.page, actor=user)
                save_draft(self.page, actor=user, values=form.written(), seen=sent.get("seen", ""), is_autosave=is_autosave)
        except AlreadyBegunError:
            return self.take()
        except EditConflictError as conflict:
            return self._conflict(form, conflict)
        except PortalError as refusal:
            if is_autosave:
                return JsonResponse({"error": str(refusal)}, status=422)
            form.add_error(None, str(refusal))
            return self.show(form, status=422, seen=sent.get("seen", ""))
        self.page = self.desk.rows().get(pk=self.page.pk)
        return JsonResponse(self._saved(form)) if is_autosave else self._go_on(form)

    def made(self, action: str = "view") -> Any:
        """What the same form has made already."""
        pk = self.desk.model._default_manager.filter(slug=self.key).values_list("pk", flat=True).first()
        return get_permitted(self.desk.model, user=self.request.user, action=action, rows=self.desk.rows(), pk=pk) if pk is not None else None

    def _is_sent_again(self, form: PageForm) -> bool:
        """Whether what is asked has been done already, with this very text."""
        page, sent = self.page, self.request.POST
        written = form.written()
        written.pop("change_note", "")  # a publication takes it away from the draft
        if form.errors or "autosave" in sent or sent.get("action") not in PUBLISHING or self.draft.write(written):
            return False
        is_published = page.live_revision_id == page.latest_revision_id and sent.get("seen") != draft_stamp(page)
        return is_published or page.workflow_in_progress or planned_revision(page) is not None

    def _go_on(self, form: PageForm) -> HttpResponse:
        """Whatever is refused from here on, what was typed is saved."""
        action = self.request.POST.get("action", "")
        if form.errors:
            return self.show(form, status=422)
        if action == "preview":
            return redirect(f"{self.desk.address}_preview", pk=self.page.pk)
        if action not in PUBLISHING:
            messages.success(self.request, _("The draft is saved."))
            return redirect(f"{self.desk.address}_update", pk=self.page.pk)
        try:
            messages.success(self.request, self.desk.publish(self.page, self.request.user))
        except PortalError as refusal:
            self.page = self.desk.rows().get(pk=self.page.pk)
            if self._is_sent_again(form):
                return redirect(self.page)
            form.refuse(refusal.problems if isinstance(refusal, PublicationError) else {"": str(refusal)})
            return self.show(form, status=422)
        return redirect(self.page)

    def _conflict(self, form: PageForm, conflict: EditConflictError) -> HttpResponse:
        """409: what was typed stays on the page, beside what the other has made of it. Saving again takes the new stamp."""
        if "autosave" in self.request.POST:
            return JsonResponse({"error": str(conflict), "is_conflict": True}, status=409)
        self.page = self.desk.rows().get(pk=self.page.pk)
        theirs = self.page.get_latest_revision_as_object()
        other = {
            "sentence": str(conflict),
            "title": theirs.title if theirs.title != form.cleaned_data.get("title") else "",
            "difference": difference(theirs.body, form.cleaned_data.get("body", "")),
        }
        return self.show(form, status=409, other=other)

    def _saved(self, form: PageForm) -> dict[str, Any]:
        """What the page learns of an automatic save."""
        missing = [str(form.fields[name].label) for name in form.errors if name in form.fields]
        text = _("Saved %(time)s by itself") % {"time": (time := date_format(timezone.localtime(), "H:i"))}
        if missing:
            text = _("Saved %(time)s by itself, but not: %(fields)s") % {"time": time, "fields": _(", ").join(missing)}
        url = reverse(f"{self.desk.address}_update", args=[self.page.pk])
        return {"stamp": draft_stamp(self.page), "text": text, "is_whole": not missing, "url": url, "pk": self.page.pk}

    def show(self, form: PageForm, *, status: int = 200, seen: str | None = None, other: dict[str, Any] | None = None) -> HttpResponse:
        page = self.page
        latest = page.latest_revision if page is not None else None
        context = {
            "form": form,
            "page": page,
            "key": self.key,
            "addresses": {name: f"{self.desk.address}_{name}" for name in ("update", "writers", "deletion", "preview")},
            "seen": seen if seen is not None else draft_stamp(page) if page is not None else "",
            "saved_at": latest.created_at if latest is not None else None,
            "other": other,
            "in_editor": page is not None and any(page.path.startswith(branch.path) for branch in workplaces_of(self.request.user)),
        }
        return render(self.request, self.desk.template, context | self.desk.context(self.request, page, self.place), status=status)
