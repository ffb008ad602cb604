"""A lead: noted, looked at, dropped. It becomes an opportunity by the form of opportunities."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.customers.needs import origin_of
from crm.sales.forms import DropForm, LeadForm
from crm.sales.models import Lead
from crm.sales.services.leads import drop_lead, note_lead
from crm.sales.views.guards import refuse_others
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.foundation.form_pages import Crumb, FormPage


def load_lead(request: HttpRequest, pk: int, action: str = "view") -> Lead:
    rows = Lead.objects.select_related("portfolio__department", "author", "opportunity__customer__root__portfolio")
    return get_permitted(Lead, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(_("Sales"), reverse("crm:opportunity_board")), (_("Leads"), reverse("crm:lead_list"))]


@require_safe
@employee_required
def lead_detail(request: HttpRequest, pk: int) -> HttpResponse:
    lead = load_lead(request, pk)
    context = {
        "lead": lead,
        "opportunity": lead.opportunity if lead.opportunity and can(request.user, "view", lead.opportunity) else None,
        "origin": origin_of(lead.origin, request.user) if lead.origin else None,
        "may_change": lead.state == Lead.State.OPEN and can(request.user, "change", lead),
        "crumbs": crumbs(),
    }
    return render(request, "crm/sales/lead_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class LeadCreate(FormPage):
    form_class = LeadForm
    heading = gettext_lazy("New lead")
    submit = pgettext_lazy("verb", "Note")
    is_new_thing = True
    made: Lead | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        refuse_others(request.user)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return reverse("crm:lead_detail", args=[self.made.pk]) if self.made else reverse("crm:lead_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = note_lead(actor=request.user, **values)
        return _("Noted.")


@method_decorator(employee_required, name="dispatch")
class LeadDrop(FormPage):
    form_class = DropForm
    heading = gettext_lazy("Drop the lead")
    submit = gettext_lazy("Drop")

    def load(self, request: HttpRequest, **kwargs: Any) -> Lead:
        return load_lead(request, kwargs["pk"], "change")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.name, self.back_url())]

    def back_url(self) -> str:
        return reverse("crm:lead_detail", args=[self.subject.pk])

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        drop_lead(self.subject, actor=request.user, **values)
        return _("Dropped.")
