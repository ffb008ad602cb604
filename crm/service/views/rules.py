"""The rules of service, shown to everyone there, kept by few."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.service.forms import ResponseRuleForm
from crm.service.models import ResponseRule, WarningRule
from crm.service.objection_forms import GradeRuleForm, StepRuleForm
from crm.service.policies import keeps_rules
from crm.service.saying import bounds_said
from crm.service.services.rules import USUAL, grade_rules, remove_response_rule, set_grade_rule, set_response_rule, set_step_rule, step_rules
from crm.service.views.guards import refuse_others, refuse_who_keeps_no_rules
from crm.service.views.requests import crumbs
from portal.access.decorators import employee_required
from portal.foundation.asking import read_number
from portal.foundation.form_pages import ActPage, Crumb, FormPage


@require_safe
@employee_required
def rule_list(request: HttpRequest) -> HttpResponse:
    refuse_others(request.user)
    context = {
        "rules": ResponseRule.objects.all(),
        "grades": grade_rules(),
        "warnings": [(rule, bounds_said(rule)) for rule in WarningRule.objects.all()],
        "steps": list(step_rules().values()),
        "usual": USUAL,
        "may_keep": keeps_rules(request.user),
        "crumbs": crumbs(),
    }
    return render(request, "crm/service/rule_list.html", context)


@method_decorator(employee_required, name="dispatch")
class RulePage(FormPage):
    """One form about rules."""

    submit = gettext_lazy("Save")

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        refuse_who_keeps_no_rules(request.user)

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (_("Rules"), reverse("crm:service_rules"))]

    def back_url(self) -> str:
        return reverse("crm:service_rules")


class ResponseRuleSet(RulePage):
    """`?rule=3` begins with what a rule says."""

    form_class = ResponseRuleForm
    heading = gettext_lazy("Rule of response")
    note = gettext_lazy("Kind and tier before kind before tier before what is for all; clocks that run keep theirs.")

    def initial(self) -> dict[str, Any]:
        return ResponseRuleForm.of(ResponseRule.objects.filter(pk=read_number(self.request.GET, "rule")).first())

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_response_rule(actor=request.user, **values)
        return _("Saved. It holds for what is noted from now on.")


class GradeRuleSet(RulePage):
    form_class = GradeRuleForm
    heading = gettext_lazy("Rule of grading")
    note = gettext_lazy("The gravest grade of which a rule holds is the grade. It holds for what is noted from now on.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_grade_rule(actor=request.user, **values)
        return _("Saved. It holds for what is noted from now on.")


class StepRuleSet(RulePage):
    form_class = StepRuleForm
    heading = gettext_lazy("Time for a step")
    note = gettext_lazy("Hours of working days, day and night.")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_step_rule(actor=request.user, **values)
        return _("Saved. It holds for steps that begin from now on.")


@method_decorator(employee_required, name="dispatch")
class ResponseRuleRemove(ActPage):
    def load(self, request: HttpRequest, **kwargs: Any) -> ResponseRule:
        refuse_who_keeps_no_rules(request.user)
        rule = ResponseRule.objects.filter(pk=kwargs["pk"]).first()
        if rule is None:
            raise Http404
        return rule

    def back_url(self) -> str:
        return reverse("crm:service_rules")

    def act(self, request: HttpRequest) -> str:
        remove_response_rule(self.subject, actor=request.user)
        return _("Removed.")
