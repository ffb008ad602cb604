"""A promised visit or call, and what is said of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.activities.forms import AgreeForm, PlanForm, WhyForm
from crm.activities.models import Promise
from crm.activities.policies import customers_visited_by
from crm.activities.services.keeping import agree_on, excuse_promise, say_why
from crm.activities.services.planning import plan_visit
from crm.activities.views.guards import refuse_others
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.foundation.asking import read_number
from portal.foundation.form_pages import Crumb, FormPage
from portal.organization.querysets import today


def load_promise(request: HttpRequest, pk: int, action: str = "view") -> Promise:
    rows = Promise.objects.select_related("customer__root__portfolio__department", "dealing__author", "holder", "reason_by", "portfolio")
    return get_permitted(Promise, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(_("Visits"), reverse("crm:visit_week")), (_("Promised"), reverse("crm:promise_list"))]


@require_safe
@employee_required
def promise_detail(request: HttpRequest, pk: int) -> HttpResponse:
    promise = load_promise(request, pk)
    portfolio = promise.customer.root.portfolio
    context = {
        "promise": promise,
        "customer": promise.customer.root,
        "may_excuse": promise.state in ("open", "missed") and can(request.user, "change", portfolio),
        "crumbs": crumbs(),
        "today": today(),
    }
    return render(request, "crm/activities/promise_detail.html", context)


class PromisePage(FormPage):
    """One form about a promise."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Promise:
        return load_promise(request, kwargs["pk"], "change")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.customer.root.name, self.back_url())]

    def back_url(self) -> str:
        return reverse("crm:promise_detail", args=[self.subject.pk])


@method_decorator(employee_required, name="dispatch")
class PromisePlan(PromisePage):
    form_class = PlanForm
    heading = gettext_lazy("Move the visit to another day")
    submit = gettext_lazy("Move")

    def initial(self) -> dict[str, Any]:
        return {"day": self.subject.planned_on or self.subject.due_on}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        moved = plan_visit(self.subject, actor=request.user, **values)
        return _("It is planned for %(day)s.") % {"day": f"{moved.planned_on:%Y-%m-%d}"}


@method_decorator(employee_required, name="dispatch")
class PromiseExplain(PromisePage):
    form_class = WhyForm
    heading = gettext_lazy("Why it was missed")
    submit = pgettext_lazy("a reason", "Say so")
    note = gettext_lazy("It stays missed; the head of the department reads why.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        say_why(self.subject, actor=request.user, **values)
        return _("Noted.")


@method_decorator(employee_required, name="dispatch")
class PromiseExcuse(PromisePage):
    form_class = WhyForm
    heading = gettext_lazy("Excuse it")
    submit = pgettext_lazy("a promise", "Excuse")
    note = gettext_lazy("It counts as neither kept nor missed. For the head of the department.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        excuse_promise(self.subject, actor=request.user, **values)
        return _("Excused.")


@method_decorator(employee_required, name="dispatch")
class PromiseAgree(FormPage):
    """`?customer=12` for a customer."""

    form_class = AgreeForm
    heading = gettext_lazy("Agree on a day")
    submit = pgettext_lazy("a day", "Agree")
    is_new_thing = True
    made: Promise | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        refuse_others(request.user)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def initial(self) -> dict[str, Any]:
        return {"customer": customers_visited_by(self.request.user).filter(pk=read_number(self.request.GET, "customer")).first(), "day": today()}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return reverse("crm:promise_detail", args=[self.made.pk]) if self.made else reverse("crm:visit_week")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = agree_on(actor=request.user, **values)
        return _("Agreed with %(name)s for %(day)s.") % {"name": self.made.customer.name, "day": f"{self.made.starts_on:%Y-%m-%d}"}
