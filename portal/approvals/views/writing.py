"""Beginning a paper, writing on a draft, changing what was returned; and who will decide, while one writes."""

from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.approvals.errors import ChangedMeanwhileError, DecidedMeanwhileError
from portal.approvals.foreseeing import foresee
from portal.approvals.models import Draft, Paper, PaperKind, Step, Task
from portal.approvals.paper_form import POST, PaperForm, initial_of
from portal.approvals.placing import Case
from portal.approvals.services.ending import coming_number
from portal.approvals.services.kinds import kinds_for
from portal.approvals.services.submitting import begin_paper, delete_draft, posts_to_begin_from, resubmit_paper, save_draft, submit_paper
from portal.approvals.views.papers import last_return
from portal.approvals.views.tables import TablesPage
from portal.foundation.asking import read_number
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import ActPage
from portal.foundation.once import key_in
from portal.organization.models import Employment

KINDS = PaperKind.objects.select_related("form", "route")


@require_safe
@employee_required
def kind_choice(request: HttpRequest) -> HttpResponse:
    """Which kind of paper; where there is one kind only, its form at once."""
    kinds = kinds_for(request.user)
    if len(kinds) == 1:
        return redirect("approvals:paper_create", code=kinds[0].code)
    return render(request, "approvals/kind_choice.html", {"kinds": kinds})


class WritingPage(TablesPage):
    """The form of a kind with the column of those who will decide beside it."""

    template_name = "approvals/paper_form.html"
    is_refused_as_old = False

    @property
    def is_draft_only(self) -> bool:
        return self.request.POST.get("act") == "draft"

    def form_class(self, *args: Any, **kwargs: Any) -> forms.Form:  # type: ignore[override]
        form, route = (self.paper.form, self.paper.route) if self.paper is not None and self.task is not None else (self.kind.form, self.kind.route)
        assert form is not None
        assert route is not None
        posts = posts_to_begin_from(self.request.user) if self.paper is None else None
        more: dict[str, Any] = {"kind": self.kind, "actor": self.request.user, "paper": self.paper, "posts": posts}
        more |= {"is_draft": self.is_draft_only or self.is_about_tables, "stored": self._stored_values()[0]}
        self.form = PaperForm(*args, plan=form.plan, route=route.plan, **more, **kwargs)
        return self.form

    def get_heading(self) -> str:
        return self.kind.label

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Approvals"), reverse("approvals:inbox"))]

    def page(self, request: HttpRequest, form: forms.BaseForm, status: int = 200, key: str | None = None) -> HttpResponse:
        return super().page(request, form, 409 if self.is_refused_as_old else status, key)

    def more_context(self) -> dict[str, Any]:
        context = {"kind": self.kind, "paper": self.paper, "task": self.task, "coming_number": self._coming_number(), "steps": self._foreseen()}
        return super().more_context() | context

    def _coming_number(self) -> str:
        if self.paper is not None and self.paper.number:
            return ""
        return coming_number(self.kind) if self.kind.numbered_at == PaperKind.NumberedAt.SUBMISSION else ""

    def _foreseen(self) -> list[Any]:
        """By what is stored; the page asks again while one writes."""
        posts = posts_to_begin_from(self.request.user)
        if self.paper is None and not posts:
            return []
        department = self.paper.department_id if self.paper is not None else posts[0].department_id
        values = self._stored_values()[0]
        return foresee_for(self.kind, self.request.user.pk if self.paper is None else self.paper.originator_id, department, values, {})

    def _stored_values(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """What was written so far."""
        if self._stored is None:
            self._stored = self._read_stored()
        return self._stored

    _stored: tuple[dict[str, Any], dict[str, Any]] | None = None

    def _read_stored(self) -> tuple[dict[str, Any], dict[str, Any]]:
        if self.paper is None:
            return {}, {}
        draft = Draft.objects.filter(paper=self.paper, writer=self.request.user.pk).first()
        if draft is not None:
            return draft.values, draft.chosen
        content = self.paper.content
        return (content.values, content.chosen) if content is not None else ({}, {})

    def initial(self) -> dict[str, Any]:
        form = self.kind.form if self.task is None or self.paper is None else self.paper.form
        assert form is not None
        values, chosen = self._stored_values()
        return initial_of(form.plan, values, chosen)


def foresee_for(kind: PaperKind, originator_id: Any, department_id: int, values: Any, chosen: Any) -> list[Any]:
    assert kind.form is not None
    assert kind.route is not None
    return foresee(Case(originator_id, department_id, kind.form.plan, values, chosen, kind.keeper), kind.route.plan)


@method_decorator(employee_required, name="dispatch")
class PaperCreate(WritingPage):
    """A new paper, kept as a draft or submitted at once."""

    is_new_thing = True
    made: Paper | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> PaperKind:
        self.kind = get_permitted(PaperKind, user=request.user, rows=KINDS.filter(is_open=True, form__isnull=False), code=kwargs["code"])
        return self.kind

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        form = self.form
        post = Employment.objects.filter(pk=read_number(form.cleaned_data, POST)).first() if form.cleaned_data.get(POST) else None
        paper = begin_paper(self.kind, actor=request.user, values=form.values(), chosen=form.chosen(), employment=post)
        if self.is_draft_only:
            self.made = paper
            return _("The draft is kept.")
        self.made = submit_paper(paper, actor=request.user, values=form.values(), chosen=form.chosen())
        return _("Submitted.")

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made is not None else reverse("approvals:inbox")


@method_decorator(employee_required, name="dispatch")
class PaperDraft(WritingPage):
    """A draft, or a paper that was returned to be changed."""

    made: Paper | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> Paper:
        rows = Paper.objects.whole().select_related("kind__form", "kind__route")
        self.paper = get_permitted(Paper, user=request.user, rows=rows, pk=kwargs["pk"])
        self.kind = self.paper.kind
        if self.paper.state == Paper.State.RETURNED:
            get_permitted(Paper, user=request.user, action="change", rows=rows, pk=kwargs["pk"])
            self.task = Task.objects.filter(paper=self.paper, state=Task.State.OPEN, step__kind=Step.Kind.REVISE).select_related("step").first()
        return self.paper

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Whoever comes back to the form of what is under way is led to the paper."""
        assert self.paper is not None
        if self.paper.state not in (Paper.State.DRAFT, Paper.State.RETURNED):
            return redirect("approvals:paper_detail", pk=self.paper.pk)
        return super().get(request, **kwargs)

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        assert self.paper is not None
        said: dict[str, Any] = {"actor": request.user, "values": self.form.values(), "chosen": self.form.chosen()}
        if self.is_draft_only:
            save_draft(self.paper, **said)
            self.made = self.paper
            return _("The draft is kept.")
        if self.task is None:
            self.made = submit_paper(self.paper, **said)
            return _("Submitted.")
        try:
            self.made = resubmit_paper(
                self.task.pk,
                seen=read_number(request.POST, "seen"),
                key=key_in(request) or uuid4(),
                answer=request.POST.get("answer", "")[:2000],
                **said,
            )
        except (ChangedMeanwhileError, DecidedMeanwhileError):
            self.is_refused_as_old = True
            raise
        return _("Submitted again.")

    def more_context(self) -> dict[str, Any]:
        content = self.paper.content if self.paper is not None else None
        return super().more_context() | {
            "key_of_vote": key_in(self.request) or uuid4(),
            "seen": content.number if content is not None else 0,
            "returned": last_return(self.paper) if self.paper is not None and self.task is not None else None,
        }

    def get_heading(self) -> str:
        assert self.paper is not None
        return self.paper.title or self.kind.label

    def back_url(self) -> str:
        if self.made is not None:
            return reverse("approvals:paper_draft", args=[self.made.pk]) if self.is_draft_only else reverse("approvals:paper_detail", args=[self.made.pk])
        assert self.paper is not None
        return reverse("approvals:paper_list") if self.paper.state == Paper.State.DRAFT else reverse("approvals:paper_detail", args=[self.paper.pk])


@method_decorator(employee_required, name="dispatch")
class DraftDeletion(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Paper:
        return get_permitted(Paper, user=request.user, action="change", pk=kwargs["pk"])

    def act(self, request: HttpRequest) -> str:
        delete_draft(self.subject, actor=request.user)
        return _("Deleted.")

    def back_url(self) -> str:
        return reverse("approvals:paper_list")


@require_POST
@employee_required
def way_preview(request: HttpRequest, code: str) -> HttpResponse:
    """Who will decide by what is written now, whole or not; of a paper that is written already by its own department."""
    kind = get_permitted(PaperKind, user=request.user, rows=KINDS.filter(is_open=True, form__isnull=False), code=code)
    paper = Paper.objects.filter(originator=request.user.pk, pk=read_number(request.POST, "paper")).first()
    posts = posts_to_begin_from(request.user)
    if not posts and paper is None:
        raise Http404
    assert kind.form is not None
    assert kind.route is not None
    form = PaperForm(request.POST, kind=kind, plan=kind.form.plan, route=kind.route.plan, actor=request.user, posts=posts, is_draft=True, has_files=False)
    form.is_valid()
    chosen_post = next((post for post in posts if post.pk == read_number(request.POST, POST)), posts[0] if posts else None)
    department = paper.department_id if paper is not None else chosen_post.department_id if chosen_post else 0
    try:
        steps = foresee_for(kind, request.user.pk, department, form.computed(), form.chosen())
    except PortalError as error:
        return render(request, "approvals/_foreseen.html", {"steps": [], "refusal": str(error)})
    return render(request, "approvals/_foreseen.html", {"steps": steps})
