"""Campaigns of care: opened, read as they come in, decided on, evaluated."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods

from crm.activities.care_figures import FIGURES, Figure, Found, figures_by_portfolio, figures_of
from crm.activities.care_forms import AidForm, CareForm, EvaluateForm, MoreForm, ReasonForm, SelectionForm
from crm.activities.models import Care, CareCase
from crm.activities.policies import FOR_OPENERS, cared_portfolios, may_open_care
from crm.activities.services.aid import ask_for_aid, drafts_of, set_aid
from crm.activities.services.cares import add_customers, evaluate_care, open_care
from crm.activities.services.taking import note_care_taken
from crm.catalogue.units import say_yuan
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted, visible_to
from portal.approvals.models import Paper
from portal.foundation.form_pages import Crumb, FormPage
from portal.foundation.spreadsheets import table_response
from portal.lists.pages import ListPage
from portal.organization.querysets import today

COMPARED = {"all", "reached", "unasked", "harmed", "kept", "open", "missed"}  # of portfolios, side by side; the file has all


def crumbs() -> list[Crumb]:
    return [(_("Visits"), reverse("crm:visit_week")), (_("Care"), reverse("crm:care_list"))]


def load_care(request: HttpRequest, pk: int, action: str = "view") -> Care:
    rows = Care.objects.select_related("department", "opened_by", "evaluated_by")
    return get_permitted(Care, user=request.user, action=action, rows=rows, pk=pk)


def next_case(user: Any, care: Care, after: CareCase | None = None) -> CareCase | None:
    """Whom to call next, of those this person may call, in the order of the line."""
    rows = visible_to(CareCase, user, CareCase.objects.to_ask()).filter(care=care)
    if after is not None:
        rows = rows.exclude(pk=after.pk)
    return rows.order_by("customer__root__portfolio", "customer__root__line_place__place", "pk").first()


class CareListPage(ListPage):
    def context(self, asked: Any, arranged: Any) -> dict[str, Any]:
        return super().context(asked, arranged) | {"may_open": may_open_care(self.request.user)}


@require_http_methods(["GET", "HEAD", "POST"])
@employee_required
def care_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET shows what has come in of those that one may see; POST takes it away as a file."""
    care = load_care(request, pk)
    rows = visible_to(CareCase, request.user, CareCase.objects.once()).filter(care=care)
    shown = [one for one in FIGURES if care.asks_first or not one.is_asked]
    whole, parts = figures_of(rows), figures_by_portfolio(rows)
    if request.method == "POST":
        note_care_taken(care, actor=request.user)
        return _file(care, shown, whole, parts)
    address = f"{reverse('crm:care_cases')}?care={care.pk}"
    decisions = list(care.decisions.select_related("paper"))
    readable = set(visible_to(Paper, request.user).filter(pk__in=[one.paper_id for one in decisions]).values_list("pk", flat=True))
    runs = can(request.user, "change", care)
    context = {
        "care": care,
        "address": address,
        "figures": [(one, whole[one.key], address_of(address, one)) for one in shown],
        "damage": say_yuan(whole["damage"]),
        "worth": say_yuan(whole["worth"]),
        "shown": (compared := [one for one in shown if one.key in COMPARED]),
        "parts": [(one, _cells(found, compared, f"{address}&portfolio={one.pk}"), say_yuan(found["damage"])) for one, found in parts],
        "decisions": [(one, one.paper_id in readable) for one in decisions],
        "next": next_case(request.user, care),
        "may_run": runs and not care.is_closed,
        "may_ask": runs and not care.is_closed and care.asks_first and drafts_of(care).exists(),
        "crumbs": crumbs(),
        "today": today(),
    }
    return render(request, "crm/activities/care_detail.html", context)


def address_of(address: str, figure: Figure) -> str:
    return f"{address}&{figure.group}={figure.code}" if figure.group else address


def _cells(found: Found, shown: list[Figure], address: str) -> list[tuple[Figure, int, str]]:
    return [(one, found[one.key], address_of(address, one)) for one in shown]


def _file(care: Care, shown: list[Figure], whole: Found, parts: list[Any]) -> HttpResponseBase:
    headings = [_("Portfolio"), *(str(one.label) for one in shown), *([_("Damage"), _("Worth of the aid")] if care.asks_first else [])]

    def row(label: str, found: Found) -> list[Any]:
        sums = [found["damage"] / 100, found["worth"] / 100] if care.asks_first else []
        return [label, *(found[one.key] for one in shown), *sums]

    rows = [row(_("all"), whole), *(row(one.name, found) for one, found in parts)]
    return table_response("xlsx", f"{care.name}-{today():%Y%m%d}", care.name, headings, rows)


@method_decorator(employee_required, name="dispatch")
class CareOpen(FormPage):
    form_class = CareForm
    template_name = "crm/activities/care_form.html"
    heading = gettext_lazy("Open a campaign of care")
    submit = pgettext_lazy("a campaign", "Open")
    is_new_thing = True
    made: Care | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not may_open_care(request.user):
            raise PermissionDenied(FOR_OPENERS)

    def form_arguments(self) -> dict[str, Any]:
        return {"portfolios": cared_portfolios(self.request.user)}

    def initial(self) -> dict[str, Any]:
        return {"starts_on": today()}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:care_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        said = {key: values[key] for key in ("name", "kind", "contacting", "why", "starts_on", "ends_on")}
        self.made = open_care(actor=request.user, selection=SelectionForm.selection_of(values), **said)
        return _("Opened with %(number)s customers; whoever holds their portfolios is told.") % {"number": self.made.cases.count()}


class CarePage(FormPage):
    """One form about a campaign, for whoever runs it."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Care:
        return load_care(request, kwargs["pk"], "change")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.name, self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class CareExtend(CarePage):
    form_class = MoreForm
    heading = gettext_lazy("Take in more customers")
    submit = gettext_lazy("Take them in")

    def form_arguments(self) -> dict[str, Any]:
        return {"portfolios": cared_portfolios(self.request.user)}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        return _("%(number)s more customers are in it.") % {
            "number": add_customers(self.subject, actor=request.user, selection=SelectionForm.selection_of(values))
        }


@method_decorator(employee_required, name="dispatch")
class CareAid(CarePage):
    form_class = AidForm
    heading = gettext_lazy("Aid for those who were harmed")
    submit = gettext_lazy("Set the aid")
    note = gettext_lazy("It is a draft until the paper decides on it.")

    def form_arguments(self) -> dict[str, Any]:
        harmed = CareCase.objects.once().filter(next(one.condition for one in FIGURES if one.key == "harmed"), care=self.subject, decision__isnull=True)
        return {"cases": harmed.select_related("customer__root").order_by("aid", "-damage", "pk")}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        return _("Set for %(number)s customers.") % {"number": set_aid(self.subject, actor=request.user, **values)}


@method_decorator(employee_required, name="dispatch")
class CareAsk(CarePage):
    form_class = ReasonForm
    heading = gettext_lazy("Ask for a decision on the aid")
    submit = gettext_lazy("Submit the paper")
    note = gettext_lazy("All for whom aid is set go as one paper. Once it is approved, visits are promised to them.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        made = ask_for_aid(self.subject, actor=request.user, **values)
        return _("Submitted as %(paper)s.") % {"paper": made.paper.number}


@method_decorator(employee_required, name="dispatch")
class CareEvaluate(CarePage):
    form_class = EvaluateForm
    heading = gettext_lazy("Evaluate the campaign")
    submit = gettext_lazy("Evaluate and close")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        evaluate_care(self.subject, actor=request.user, **values)
        return _("Evaluated and closed.")
