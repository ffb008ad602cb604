"""A plan is begun, changed, submitted, revised, and explained where it was not met."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.plans.actual import Ledger
from crm.plans.forms import AmountForm, ExplainForm, NewPlanForm, ReasonForm
from crm.plans.models import Plan, PlanLine, PlanVersion
from crm.plans.policies import KEEPERS_ONLY, departments_planned_by, sees_line
from crm.plans.services.asking import submit_version
from crm.plans.services.plans import begin_plan, explain_deviation, revise_plan, set_amount
from crm.plans.units import plain_number, read_amount
from portal.access.decorators import employee_required
from portal.access.policies import get_permitted
from portal.foundation.form_pages import ActPage, Crumb, FormPage
from portal.organization.querysets import today


def load_plan(request: HttpRequest, pk: int, action: str = "view") -> Plan:
    return get_permitted(Plan, user=request.user, action=action, rows=Plan.objects.select_related("department", "brand", "product", "portfolio"), pk=pk)


def load_line(request: HttpRequest, plan: Plan, pk: int) -> PlanLine:
    line = PlanLine.objects.select_related("version__plan__brand", "version__plan__product", "department", "person").filter(pk=pk, version__plan=plan).first()
    if line is None or not sees_line(request.user, line):
        raise Http404
    return line


def draft_of(plan: Plan) -> PlanVersion:
    found = plan.versions.filter(state=PlanVersion.State.DRAFT).first()
    if found is None:
        raise Http404
    return found


def crumbs() -> list[Crumb]:
    return [(_("Sales"), reverse("crm:opportunity_board")), (_("Plans of sales"), reverse("crm:plan_list"))]


@method_decorator(employee_required, name="dispatch")
class PlanCreate(FormPage):
    form_class = NewPlanForm
    heading = gettext_lazy("New plan of sales")
    submit = gettext_lazy("Make the plan")
    is_new_thing = True
    made: Plan | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not departments_planned_by(request.user).exists():
            raise PermissionDenied(KEEPERS_ONLY)

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user}

    def initial(self) -> dict[str, Any]:
        return {"day": NewPlanForm.next_year()}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return self.made.get_absolute_url() if self.made else reverse("crm:plan_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        values["amount"] = read_amount(Plan(measure=values["measure"]), values["amount"])
        self.made = begin_plan(actor=request.user, **values)
        return _("Made, as a draft. Split it, then submit it.")


class OfPlan(FormPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Plan:
        return load_plan(request, kwargs["pk"], "keep")

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (str(self.subject), self.back_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class PlanAmount(OfPlan):
    form_class = AmountForm
    heading = gettext_lazy("Change the amount")
    submit = gettext_lazy("Save")

    def load(self, request: HttpRequest, **kwargs: Any) -> Plan:
        plan = super().load(request, **kwargs)
        self.draft = draft_of(plan)
        return plan

    def initial(self) -> dict[str, Any]:
        return {"amount": plain_number(self.subject, self.draft.lines.get(parent__isnull=True).amount)}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_amount(self.draft, actor=request.user, amount=read_amount(self.subject, values["amount"]))
        return _("Saved. Split it anew where its parts do not add up any more.")


@method_decorator(employee_required, name="dispatch")
class PlanRevise(OfPlan):
    form_class = ReasonForm
    heading = gettext_lazy("New version of the plan")
    submit = gettext_lazy("Begin the version")
    note = gettext_lazy("It begins as the last one. That one stays in force until the new one is approved.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        version = revise_plan(self.subject, actor=request.user, reason=values["reason"])
        return _("Version %(number)s is a draft.") % {"number": version.number}


@method_decorator(employee_required, name="dispatch")
class PlanSubmit(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> Plan:
        return load_plan(request, kwargs["pk"], "keep")

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def act(self, request: HttpRequest) -> str:
        version = submit_version(draft_of(self.subject), actor=request.user)
        assert version.paper is not None
        return _("Submitted as the paper %(number)s.") % {"number": version.paper.number}


@method_decorator(employee_required, name="dispatch")
class DeviationCreate(FormPage):
    form_class = ExplainForm
    heading = gettext_lazy("Why it is off the plan")
    submit = pgettext_lazy("verb", "Note")
    is_new_thing = True

    def load(self, request: HttpRequest, **kwargs: Any) -> PlanLine:
        return load_line(request, load_plan(request, kwargs["pk"]), kwargs["line"])

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (str(self.subject.version.plan), self.back_url()), (self.subject.label, "")]

    def back_url(self) -> str:
        return str(self.subject.version.plan.get_absolute_url())

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        plan = self.subject.version.plan
        on = max(plan.starts_on, min(today(), plan.ends_on))
        actual = Ledger(plan, request.user).by_line([self.subject], plan.starts_on, on)[self.subject.pk]
        explain_deviation(self.subject, actor=request.user, on=on, actual=actual, **values)
        return _("Noted.")
