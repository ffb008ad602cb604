"""Writing a visit on a telephone, and reading it."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.activities.models import Promise, Visit
from crm.activities.opinions import fate_of
from crm.activities.panels import panels_of
from crm.activities.services.visits import hand_on_opinion, take_visit
from crm.activities.views.guards import refuse_others
from crm.activities.visit_forms import VisitForm
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.attachments.queries import shown_on
from portal.foundation.asking import read_number
from portal.foundation.form_pages import ActPage, Crumb, FormPage

KEPT = "X-Kept"


def crumbs() -> list[Crumb]:
    return [(_("Visits"), reverse("crm:visit_week"))]


@require_safe
@employee_required
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Visit.objects.select_related("customer__root__portfolio__department", "person", "dealing")
    visit = get_permitted(Visit, user=request.user, rows=rows, pk=pk)
    fate = fate_of(visit, request.user)
    context = {
        "visit": visit,
        "fate": fate,
        "may_hand_on": bool(visit.opinions) and fate is None and can(request.user, "change", visit),
        "customer": visit.customer.root,
        "sightings": [(one, None if one.fen is None else f"{one.fen / 100:,.2f}") for one in visit.sightings.all()],
        "files": shown_on(visit),
        "promises": Promise.objects.filter(dealing=visit.dealing_id),
        "panels": panels_of(visit, request.user),
        "crumbs": [*crumbs(), (_("All visits"), reverse("crm:visit_list"))],
    }
    return render(request, "crm/activities/visit_detail.html", context)


@method_decorator(employee_required, name="dispatch")
class VisitWrite(FormPage):
    """`?customer=12` begins it for a customer. What the device kept is sent with `X-Kept` and answered as JSON: the address, or what is wrong."""

    form_class = VisitForm
    template_name = "crm/activities/visit_form.html"
    heading = gettext_lazy("Write a visit")
    submit = pgettext_lazy("a visit", "Send")
    made: Visit | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        refuse_others(request.user)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def initial(self) -> dict[str, Any]:
        now = timezone.localtime().replace(second=0, microsecond=0)
        return {"key": uuid4(), "said_at": now, "hands_on": True, "customer": read_number(self.request.GET, "customer") or ""}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:visit_week")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, **kwargs)
        if KEPT in request.headers and self.made is not None:
            return JsonResponse({"url": self.made.get_absolute_url()})
        return answer

    def page(self, request: HttpRequest, form: Any, status: int = 200, key: str | None = None) -> HttpResponse:
        if KEPT in request.headers:
            return JsonResponse({"errors": [str(error) for errors in form.errors.values() for error in errors]}, status=422)
        return super().page(request, form, status, key)

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        taken = take_visit(actor=request.user, **values)
        self.made = taken.visit
        first = _("The visit is written down.") if taken.is_new else _("This visit was sent already; it is written down once.")
        return " ".join([first, *taken.notes])


@method_decorator(employee_required, name="dispatch")
class VisitHandOn(ActPage):
    """What was said there goes to service by one press."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Visit:
        return get_permitted(Visit, user=request.user, action="change", rows=Visit.objects.select_related("customer__root__portfolio"), pk=kwargs["pk"])

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def act(self, request: HttpRequest) -> str:
        return _("It is with service as %(number)s.") % {"number": hand_on_opinion(self.subject, actor=request.user)}
