"""An opportunity's page, and what is done to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.catalogue.units import say_yuan
from crm.sales.errors import SalesError
from crm.sales.forms import CloseForm, NewOpportunityForm, OpportunityForm, StepForm
from crm.sales.models import Expense, Lead, Opportunity, Quotation, Stage
from crm.sales.policies import customers_sold_to
from crm.sales.receipts import spent_on
from crm.sales.services.opportunities import (
    change_opportunity,
    close_opportunity,
    move_opportunity,
    note_step,
    open_opportunity,
    reopen_opportunity,
)
from crm.sales.views.guards import refuse_others
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted, visible_to
from portal.foundation.asking import read_number
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.foundation.once import FIELD, new_key
from portal.organization.querysets import today

MOST_STEPS = 50


def load_opportunity(request: HttpRequest, pk: int, action: str = "view") -> Opportunity:
    rows = Opportunity.objects.select_related("customer__root__portfolio__department", "stage", "furthest", "owner", "department", "product")
    return get_permitted(Opportunity, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(_("Sales"), reverse("crm:opportunity_board")), (_("Opportunities"), reverse("crm:opportunity_list"))]


@require_safe
@employee_required
def opportunity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Its stages with how long it was in each, what was done, what is next, against whom."""
    opportunity = load_opportunity(request, pk)
    spans = list(opportunity.spans.select_related("stage", "actor"))
    now = timezone.now()
    may_change = can(request.user, "change", opportunity)
    context = {
        "opportunity": opportunity,
        "customer": opportunity.customer.root,
        "amount": say_yuan(opportunity.amount),
        "rivals": list(opportunity.rivals.all()),
        "stages": _way(opportunity),
        "spans": [(span, ((span.left_at or now) - span.entered_at).days) for span in spans],
        "days": ((opportunity.closed_on or today()) - opportunity.opened_on).days,
        "steps": opportunity.steps.select_related("author")[:MOST_STEPS],
        "quotations": [(one, say_yuan(one.total)) for one in Quotation.objects.filter(opportunity=opportunity)],
        "lead": Lead.objects.filter(opportunity=opportunity).first(),
        "panel": spent_on(visible_to(Expense, request.user).filter(opportunity=opportunity)) | {"query": f"?opportunity={opportunity.pk}"},
        "may_change": may_change and opportunity.is_open,
        "may_reopen": may_change and not opportunity.is_open,
        "form": StepForm(initial=_next(opportunity)) if may_change and opportunity.is_open else None,
        "key_field": FIELD,
        "key": new_key(),
        "today": today(),
        "crumbs": crumbs(),
    }
    return render(request, "crm/sales/opportunity_detail.html", context)


def _next(opportunity: Opportunity) -> dict[str, Any]:
    """What is next stays until it is written over."""
    return {"next_step": opportunity.next_step, "next_on": opportunity.next_on}


def _way(opportunity: Opportunity) -> list[tuple[Stage, str]]:
    """The stages of its kind, each with whether it is behind, now, or to come; an ended one where it is the one in which it is."""
    found = []
    for stage in Stage.objects.filter(kind=opportunity.kind):
        if stage.ended_on is not None and stage.pk != opportunity.stage_id:
            continue
        if stage.pk == opportunity.stage_id:
            found.append((stage, "now"))
        else:
            found.append((stage, "behind" if stage.place <= opportunity.furthest.place else ""))
    return found


@method_decorator(employee_required, name="dispatch")
class OpportunityCreate(FormPage):
    """`?customer=12` begins it for a customer, `?lead=3` out of a lead."""

    form_class = NewOpportunityForm
    heading = gettext_lazy("New opportunity")
    submit = pgettext_lazy("an opportunity", "Open")
    is_new_thing = True
    made: Opportunity | None = None
    lead: Lead | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        refuse_others(request.user)
        if lead := read_number(request.GET, "lead"):
            rows = Lead.objects.select_related("portfolio__department")
            self.lead = get_permitted(Lead, user=request.user, action="change", rows=rows, pk=lead)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def initial(self) -> dict[str, Any]:
        customer = customers_sold_to(self.request.user).filter(pk=read_number(self.request.GET, "customer")).first()
        return {"customer": customer, "name": self.lead.text[:100] if self.lead else ""}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:opportunity_board")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = open_opportunity(actor=request.user, lead=self.lead, **values)
        return _("Opened, in the stage “%(stage)s”.") % {"stage": self.made.stage.label}


class OpportunityPage(FormPage):
    """One form about an opportunity."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Opportunity:
        return load_opportunity(request, kwargs["pk"], "change")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.name, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class OpportunityUpdate(OpportunityPage):
    form_class = OpportunityForm
    heading = gettext_lazy("Change the opportunity")
    submit = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        one = self.subject
        values = {"name": one.name, "amount": say_yuan(one.amount), "expected_on": one.expected_on, "product": one.product_id}
        return values | {"rivals": [rival.name for rival in one.rivals.all()]}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_opportunity(self.subject, actor=request.user, **values)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class StepCreate(OpportunityPage):
    form_class = StepForm
    heading = gettext_lazy("Note what was done")
    submit = pgettext_lazy("verb", "Note")
    is_new_thing = True

    def initial(self) -> dict[str, Any]:
        return _next(self.subject)

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        note_step(self.subject, actor=request.user, **values)
        return _("Noted.")


@method_decorator(employee_required, name="dispatch")
class OpportunityWin(OpportunityPage):
    form_class = CloseForm
    heading = gettext_lazy("Won")
    submit = gettext_lazy("Close as won")
    note = gettext_lazy("It goes into the last stage, and is closed today.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        close_opportunity(self.subject, actor=request.user, state=Opportunity.State.WON, **values)
        return _("Won: %(name)s.") % {"name": self.subject.name}


@method_decorator(employee_required, name="dispatch")
class OpportunityLose(OpportunityPage):
    form_class = CloseForm
    heading = pgettext_lazy("of an opportunity", "Lost")
    submit = gettext_lazy("Close as lost")
    note = gettext_lazy("It stays where it got to, and is closed today.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        close_opportunity(self.subject, actor=request.user, state=Opportunity.State.LOST, **values)
        return _("Closed as lost: %(name)s.") % {"name": self.subject.name}


class OpportunityAct(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Opportunity:
        return load_opportunity(request, kwargs["pk"], "change")

    def back_url(self) -> str:
        if self.request.POST.get("back") == "board":
            return f"{reverse('crm:opportunity_board')}?{self.request.GET.urlencode()}"
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class OpportunityMove(OpportunityAct):
    """`stage` is where to, `seen` where it was when the page was made."""

    def act(self, request: HttpRequest) -> str:
        stage = Stage.objects.filter(pk=read_number(request.POST, "stage")).first()
        if stage is None:
            raise SalesError(_("There is no such stage. Open the page again."))
        moved = move_opportunity(self.subject, actor=request.user, stage=stage, seen=read_number(request.POST, "seen"))
        return _("%(name)s is in “%(stage)s” now.") % {"name": moved.name, "stage": moved.stage.label}


@method_decorator(employee_required, name="dispatch")
class OpportunityReopen(OpportunityAct):
    def act(self, request: HttpRequest) -> str:
        reopen_opportunity(self.subject, actor=request.user)
        return _("It goes on.")
