"""Drawing a route: the column with what it does when it is tried, one step, one case."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.approvals.definitions.faults import Read
from portal.approvals.definitions.forms import FormPlan
from portal.approvals.definitions.labels import said
from portal.approvals.definitions.paths import OTHERWISE, PATH, find_column, find_node
from portal.approvals.drawing.acts import free_key
from portal.approvals.drawing.case_form import Conditions
from portal.approvals.drawing.column import DrawnColumn
from portal.approvals.drawing.step_form import Approvers, Offered, StepForm, initial_of_step
from portal.approvals.drawing.trial import Trial
from portal.approvals.drawing.words import STEP_NAMES, DrawnWords
from portal.approvals.models import Drawing, PaperKind
from portal.approvals.services.drawing import drawing_of, read_drawn
from portal.approvals.simulating import Simulated, simulate
from portal.approvals.views.drawing import DrawingPage, drawers_only, drawing_context, load_kind
from portal.foundation.asking import read_words

Raw = dict[str, Any]

REDRAWN = ("show", "add")  # acts that only draw the form anew


@require_safe
@drawers_only
def kind_route(request: HttpRequest, code: str) -> HttpResponse:
    """The column; with `person` in the address the way that a paper of theirs would take, with the values beside it."""
    kind = load_kind(code)
    drawing = drawing_of(kind, actor=request.user)
    read = read_drawn(drawing)
    context = drawing_context(kind, drawing, read, tab="route") | route_context(request, kind, drawing, read, has_trial=True)
    return render(request, "approvals/kind_route.html", context)


def route_context(request: HttpRequest, kind: PaperKind, drawing: Drawing, read: Read, *, has_trial: bool = False) -> dict[str, Any]:
    words = DrawnWords(drawing.steps, drawing.fields, drawing.tables)
    simulated: Simulated | None = None
    trial: Trial | None = None
    if has_trial and read.route is not None and read.form is not None:
        simulated = simulate(read.route, drawing.steps, read.form, kind.keeper)
        trial = Trial(request.GET, read.route, read.form, actor=request.user, keeper=kind.keeper)
    foreseen = trial.foreseen if trial is not None else None
    column = DrawnColumn(drawing.steps, words, read, simulated=simulated, foreseen=foreseen, values=trial.values if trial is not None else {})
    return {
        "entries": column.entries,
        "end": str(len(drawing.steps)),
        "last": column.last,
        "trial": trial,
        "simulated": simulated,
        "step_types": list(STEP_NAMES.items()),
        "otherwise": OTHERWISE,
    }


class RoutePage(DrawingPage):
    """A part of the route beside the column."""

    tab = "route"
    template_name = "approvals/kind_route.html"

    def more_context(self) -> dict[str, Any]:
        return super().more_context() | route_context(self.request, self.subject, self.drawing, self.read)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """`act=show` and `act=add` draw the form anew with what was typed, and keep nothing."""
        if read_words(request.POST, "act") not in REDRAWN:
            return super().post(request, **kwargs)
        form: Any = self.form_class(request.POST, None, initial=self.initial())
        form.is_shown_only = True
        return self.page(request, form)


@method_decorator(drawers_only, name="dispatch")
class StepPage(RoutePage):
    """`?at=2.0.1` is a step that there is; `?before=2.0.1&type=approve` one that is put there."""

    def find(self, request: HttpRequest, kind: PaperKind) -> None:
        self.path, self.before, kind_of = read_words(request.GET, "at"), read_words(request.GET, "before"), read_words(request.GET, "type")
        self.raw: Raw = find_node(self.drawing.steps, self.path) or {} if self.path else {"type": kind_of}
        is_new_place = bool(self.before and PATH.fullmatch(self.before) and find_column(self.drawing.steps, self.before) is not None)
        if self.raw.get("type") not in STEP_NAMES or not (self.path or is_new_place):
            raise Http404
        self.place = f"step:{self.path}" if self.path else f"before:{self.before}"
        self.offered = Offered(_places_with_heads(self.read.form))

    def get_heading(self) -> str:
        return said(self.raw["label"]) if self.path else _("New step: %(type)s") % {"type": STEP_NAMES[self.raw["type"]]}

    def form_class(self, data: Any = None, files: Any = None, **kwargs: Any) -> forms.Form:  # type: ignore[override]
        form = self.read.form
        later = [(path, plan.label) for path in sorted(form.later) if (plan := form.path(path))] if form is not None else []
        self.form = StepForm(data, later=later, **kwargs)
        self.approvers = Approvers(self.offered, groups=self.raw.get("groups", ()), data=data)
        if data is not None and read_words(data, "act") == "add":
            self.approvers.add()
        if data is not None and read_words(data, "act") not in REDRAWN and not self.approvers.is_valid():
            self.form.add_error(None, self.approvers.error or _("Look at who decides, below."))
        return self.form

    def initial(self) -> Raw:
        return initial_of_step(self.raw) if self.path else {"type": self.raw["type"], "due": 2, "due_in": "days", "counts_earlier": True}

    def change(self, drawing: Drawing) -> None:
        found = find_column(drawing.steps, self.path or self.before)
        if found is None:
            return
        column, at = found
        if self.path:
            column[at] = self.form.written(column[at], self.approvers.groups())
        else:
            column.insert(at, self.form.written({"key": free_key(drawing)}, self.approvers.groups()))

    def more_context(self) -> dict[str, Any]:
        return super().more_context() | {"approvers": self.approvers, "own_faults": self.read.at(self.place), "is_step": True}


@method_decorator(drawers_only, name="dispatch")
class CasePage(RoutePage):
    """`?at=2.0` is a case of the choice at 2, `?at=2.new` one more; `?before=2` begins a choice there."""

    def find(self, request: HttpRequest, kind: PaperKind) -> None:
        self.path, self.before = read_words(request.GET, "at"), read_words(request.GET, "before")
        above, _dot, number = self.path.rpartition(".")
        choice = find_node(self.drawing.steps, above) if self.path else None
        cases = (choice or {}).get("cases", [])
        self.raw: Raw = cases[int(number)] if number.isdecimal() and int(number) < len(cases) else {}
        is_more = bool(choice is not None and choice.get("type") == "choose" and number == "new")
        is_new_place = bool(self.before and PATH.fullmatch(self.before) and find_column(self.drawing.steps, self.before) is not None)
        if not (self.raw or is_more or is_new_place) or self.read.form is None:
            raise Http404
        self.plan: FormPlan = self.read.form
        self.place = f"case:{self.path}"

    def get_heading(self) -> str:
        return _("When this case is taken") if self.raw else _("New case")

    def form_class(self, data: Any = None, files: Any = None, **kwargs: Any) -> forms.Form:  # type: ignore[override]
        self.form = forms.Form(data)
        self.conditions = Conditions(self.plan, when=self.raw.get("when", ()), data=data)
        if data is not None and read_words(data, "act") == "add":
            self.conditions.add()
        if data is not None and read_words(data, "act") not in REDRAWN and not self.conditions.is_valid():
            self.form.add_error(None, self.conditions.error or _("Look at the conditions below."))
        return self.form

    def change(self, drawing: Drawing) -> None:
        when = self.conditions.when()
        if not self.path:
            found = find_column(drawing.steps, self.before)
            if found is not None:
                found[0].insert(found[1], {"type": "choose", "cases": [{"when": when, "steps": []}], "otherwise": []})
            return
        above, _dot, number = self.path.rpartition(".")
        choice = find_node(drawing.steps, above)
        if choice is not None:
            if number == "new":
                choice["cases"].append({"when": when, "steps": []})
            else:
                choice["cases"][int(number)]["when"] = when

    def more_context(self) -> dict[str, Any]:
        return super().more_context() | {"conditions": self.conditions, "own_faults": self.read.at(self.place)}


def _places_with_heads(form: FormPlan | None) -> list[tuple[str, str]]:
    """Fields and columns that name a department or a person."""
    if form is None:
        return []
    found = [(field.key, field.label) for field in form if field.type in ("department", "person")]
    for table in form.tables:
        found += [(f"{table.key}.{one.key}", f"{table.label} · {one.label}") for one in table.columns if one.type in ("department", "person")]
    return found
