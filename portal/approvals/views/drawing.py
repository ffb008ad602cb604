"""Drawing kinds of papers: which there are, a new one, its form, what is done to what is drawn, publishing."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from portal.access.decorators import capability_required
from portal.access.rules import EVERYONE, AudienceRule
from portal.approvals.capabilities import DRAW_PAPERS
from portal.approvals.definitions.faults import Fault, Read
from portal.approvals.definitions.labels import said
from portal.approvals.drawing.acts import act_on
from portal.approvals.drawing.changes import changes_of
from portal.approvals.drawing.kind_forms import KindForm, NewKindForm
from portal.approvals.drawing.words import TYPE_NAMES, field_words
from portal.approvals.errors import DrawnMeanwhileError
from portal.approvals.models import Drawing, Paper, PaperKind
from portal.approvals.paper_form import PaperForm
from portal.approvals.services.drawing import begin_kind, change_drawing, change_kind, discard_drawing, drawing_of, publish_drawing, read_drawn, undo_change
from portal.foundation.asking import read_number, read_words
from portal.foundation.errors import PortalError
from portal.foundation.form_pages import FormPage

drawers_only = capability_required(DRAW_PAPERS)
KINDS = PaperKind.objects.select_related("form", "route", "audience")
PARTS = ("field", "table", "step", "case")  # each with a page of its own


def load_kind(code: str) -> PaperKind:
    return get_object_or_404(KINDS, code=code)


def drawing_context(kind: PaperKind, drawing: Drawing, read: Read, *, tab: str) -> dict[str, Any]:
    """What every page of a drawing shows: what is wrong, the number that its changes carry, whether something can be undone."""
    return {
        "kind": kind,
        "drawing": drawing,
        "seen": drawing.number,
        "tab": tab,
        "faults": [(fault, fault_url(kind, fault)) for fault in read.faults],
        "is_faulty": bool(read.grave),
        "may_undo": bool(drawing.before),
        "is_drawn": drawing.pk is not None,
    }


def fault_url(kind: PaperKind, fault: Fault) -> str:
    """The page on which it is mended."""
    sort, _colon, path = fault.place.partition(":")
    if sort in PARTS:
        return f"{reverse(f'approvals:kind_{sort}', args=[kind.code])}?at={path}"
    return reverse("approvals:kind_form" if sort == "form" else "approvals:kind_route", args=[kind.code])


def drawn_rows(drawing: Drawing, read: Read) -> list[dict[str, Any]]:
    """The fields as they follow each other, then each table with its columns."""
    rows = [_row(raw, f"field:{raw['key']}", read) for raw in drawing.fields]
    for table in drawing.tables:
        columns = [_row(raw, f"field:{table['key']}.{raw['key']}", read) for raw in table.get("columns", ())]
        faults = read.at(f"table:{table['key']}")
        rows.append({"place": f"table:{table['key']}", "path": table["key"], "label": said(table["label"]), "columns": columns, "faults": faults})
    return rows


def preview_of(kind: PaperKind, read: Read, user: Any) -> dict[str, Any]:
    """The form as it would be asked; nothing where it cannot be read."""
    if read.form is None:
        return {}
    form = PaperForm(kind=kind, plan=read.form, route=read.route or [], actor=user, has_files=False)  # type: ignore[arg-type]
    tables = [{"label": table.label, "heads": [column for column in table.columns if not column.is_later]} for table in read.form.tables]
    return {"preview": form, "preview_tables": tables, "preview_heads": form.said_heads()}


@require_safe
@drawers_only
def kind_form(request: HttpRequest, code: str) -> HttpResponse:
    kind = load_kind(code)
    drawing = drawing_of(kind, actor=request.user)
    read = read_drawn(drawing)
    context = drawing_context(kind, drawing, read, tab="form")
    context |= {"rows": drawn_rows(drawing, read), "palette": palette(), **preview_of(kind, read, request.user)}
    return render(request, "approvals/kind_form.html", context)


def palette() -> list[tuple[str, Any]]:
    return list(TYPE_NAMES.items())


@require_POST
@drawers_only
def kind_act(request: HttpRequest, code: str) -> HttpResponse:
    """One press: `act` is up, down, copy or remove of the `place`; or undo, discard, publish of the whole."""
    kind = load_kind(code)
    seen, act, place = read_number(request.POST, "seen"), read_words(request.POST, "act"), read_words(request.POST, "place")
    back = "approvals:kind_form" if place.startswith(("field", "table")) or request.POST.get("tab") == "form" else "approvals:kind_route"
    try:
        match act:
            case "undo":
                undo_change(kind, seen=seen, actor=request.user)
            case "discard":
                discard_drawing(kind, seen=seen, actor=request.user)
                messages.success(request, _("The drawing is discarded."))
                return redirect("approvals:kind_list")
            case "publish":
                publish_drawing(kind, seen=seen, actor=request.user)
                messages.success(request, _("Published. Papers begun from now on have this version; those under way go on by theirs."))
                return redirect("approvals:kind_list")
            case _:
                change_drawing(kind, lambda drawing: act_on(drawing, act, place), seen=seen, actor=request.user)
    except PortalError as error:
        messages.error(request, str(error))
        back = "approvals:kind_publication" if act == "publish" else back
    return redirect(back, code=code)


@require_safe
@drawers_only
def kind_publication(request: HttpRequest, code: str) -> HttpResponse:
    """What would change, what keeps it from being published, and how many papers go on by their version."""
    kind = load_kind(code)
    drawing = drawing_of(kind, actor=request.user)
    context = drawing_context(kind, drawing, read_drawn(drawing), tab="publication")
    papers = Paper.objects.filter(kind=kind)
    context |= {"changes": changes_of(kind, drawing), "under_way": papers.open().count(), "drafts": papers.filter(state=Paper.State.DRAFT).count()}
    return render(request, "approvals/kind_publication.html", context)


class KindPage(FormPage):
    def back_url(self) -> str:
        return reverse("approvals:kind_form", args=[self.subject.code]) if self.subject is not None else reverse("approvals:kind_list")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Approvals"), reverse("approvals:inbox")), (_("Kinds of papers"), reverse("approvals:kind_list"))]


@method_decorator(drawers_only, name="dispatch")
class KindCreate(KindPage):
    """Begun empty, or as a copy of one that there is."""

    form_class = NewKindForm
    heading = gettext_lazy("New kind of paper")
    submit = gettext_lazy("Draw it")
    is_new_thing = True

    def initial(self) -> dict[str, Any]:
        return {"rule": AudienceRule.of([EVERYONE]), "source": self.request.GET.get("from", "")}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        source = KINDS.filter(code=values.pop("source")).first()
        self.subject = begin_kind(source=source, actor=request.user, **values)
        return _("Now draw its form and its route. Nobody sees it until it is published.")


@method_decorator(drawers_only, name="dispatch")
class KindSettings(KindPage):
    """What is not of a version."""

    form_class = KindForm
    submit = gettext_lazy("Save")
    template_name = "approvals/kind_settings.html"

    def load(self, request: HttpRequest, **kwargs: Any) -> PaperKind:
        return load_kind(kwargs["code"])

    def get_heading(self) -> str:
        return self.subject.label

    def initial(self) -> dict[str, Any]:
        names = ("name", "name_en", "note", "number_prefix", "numbered_at", "is_open")
        return {name: getattr(self.subject, name) for name in names} | {"rule": self.subject.audience.rule}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_kind(self.subject, actor=request.user, **values)
        return _("Saved.")

    def more_context(self) -> dict[str, Any]:
        drawing = drawing_of(self.subject, actor=self.request.user)
        return drawing_context(self.subject, drawing, read_drawn(drawing), tab="settings")


class DrawingPage(KindPage):
    """One part of a drawing as a form, beside what it is a part of. What somebody else changed meanwhile is told (409), and what was typed stays."""

    submit = gettext_lazy("Keep")
    tab = "form"
    is_refused_as_old = False
    drawing: Drawing
    read: Read

    def load(self, request: HttpRequest, **kwargs: Any) -> PaperKind:
        kind = load_kind(kwargs["code"])
        self.drawing = drawing_of(kind, actor=request.user)
        self.read = read_drawn(self.drawing)
        self.find(request, kind)
        return kind

    def find(self, request: HttpRequest, kind: PaperKind) -> None:
        """What is changed, by the address; raises 404."""

    def back_url(self) -> str:
        return reverse(f"approvals:kind_{self.tab}", args=[self.subject.code])

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        try:
            change_drawing(self.subject, self.change, seen=read_number(request.POST, "seen"), actor=request.user)
        except DrawnMeanwhileError:
            self.is_refused_as_old = True
            raise
        return _("Kept in the drawing.")

    def change(self, drawing: Drawing) -> None:
        raise NotImplementedError

    def page(self, request: HttpRequest, form: forms.BaseForm, status: int = 200, key: str | None = None) -> HttpResponse:
        return super().page(request, form, 409 if self.is_refused_as_old else status, key)

    def more_context(self) -> dict[str, Any]:
        context = drawing_context(self.subject, self.drawing, self.read, tab=self.tab)
        seen = read_number(self.request.POST, "seen", self.drawing.number) if self.request.method == "POST" else self.drawing.number
        return context | {"seen": seen, "is_panel": True, "here": getattr(self, "place", "")}


def _row(raw: dict[str, Any], place: str, read: Read) -> dict[str, Any]:
    return {
        "place": place,
        "path": place.partition(":")[2],
        "label": said(raw.get("label", {})),
        "words": field_words(raw),
        "faults": read.at(place),
    }
