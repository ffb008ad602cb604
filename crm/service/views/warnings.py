"""Warnings: a page each, and what is done about them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from crm.service.capabilities import WATCH_SERVICE
from crm.service.models import CustomerWarning, WarningRule
from crm.service.policies import FOR_RULES, keeps_rules
from crm.service.saying import bounds_said, say_value
from crm.service.services.warnings import hand_on_warning, look_for_warnings, set_warning_rule, treat_warning, trend_of, verify_warning
from crm.service.views.rules import RulePage
from crm.service.warning_forms import TreatForm, VerifyForm, WarningHandForm, WarningRuleForm
from portal.access.decorators import employee_required
from portal.access.policies import can, decide, get_permitted
from portal.access.registry import has_capability
from portal.foundation.asking import read_number
from portal.foundation.form_pages import ActPage, Crumb, FormPage

MOST = 30


def load_warning(request: HttpRequest, pk: int, action: str = "view") -> CustomerWarning:
    rows = CustomerWarning.objects.select_related(
        "customer__root__portfolio__department", "rule", "owner", "department", "treated_by", "verified_by", "follows"
    )
    return get_permitted(CustomerWarning, user=request.user, action=action, rows=rows, pk=pk)


def crumbs() -> list[Crumb]:
    return [(pgettext("for customers", "Service"), reverse("crm:request_list")), (pgettext("of customers", "Warnings"), reverse("crm:warning_list"))]


@require_safe
@employee_required
def warning_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How much, since when, whither; why, what was done, who verified."""
    warning = load_warning(request, pk)
    readings = list(warning.readings.order_by("-day", "-pk")[:MOST])[::-1]
    verdict = decide(request.user, "verify", warning)
    code = warning.measure
    context = {
        "warning": warning,
        "customer": warning.customer.root,
        "value": say_value(code, warning.value),
        "bounds": bounds_said(warning.rule),
        "trend": trend_of([one.value for one in readings]),
        "readings": [(one, say_value(code, one.value)) for one in reversed(readings)],
        "may_change": warning.is_open and can(request.user, "change", warning),
        "may_verify": warning.state == CustomerWarning.State.TREATED and bool(verdict),
        "why_not": str(verdict.rule) if warning.state == CustomerWarning.State.TREATED and not verdict else "",
        "later": warning.followed_by.first(),
        "crumbs": crumbs(),
    }
    return render(request, "crm/service/warning_detail.html", context)


class WarningPage(FormPage):
    """One form about a warning."""

    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> CustomerWarning:
        return load_warning(request, kwargs["pk"], self.action)

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.customer.root.name, self.subject.get_absolute_url())]

    def back_url(self) -> str:
        return str(self.subject.get_absolute_url())


@method_decorator(employee_required, name="dispatch")
class WarningTreat(WarningPage):
    form_class = TreatForm
    heading = gettext_lazy("Cause and measure")
    submit = gettext_lazy("Done, have it verified")
    note = gettext_lazy("Somebody else verifies it; only then is it closed.")

    def initial(self) -> dict[str, Any]:
        return {"cause": self.subject.cause, "treatment": self.subject.treatment}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        treat_warning(self.subject, actor=request.user, **values)
        return _("It waits to be verified by somebody else.")


@method_decorator(employee_required, name="dispatch")
class WarningVerify(WarningPage):
    action = "verify"
    form_class = VerifyForm
    heading = gettext_lazy("Verify")
    submit = gettext_lazy("Verified")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        verified = verify_warning(self.subject, actor=request.user, **values)
        return _("It is open again.") if verified.is_open else _("Closed.")


@method_decorator(employee_required, name="dispatch")
class WarningHandOn(WarningPage):
    form_class = WarningHandForm
    heading = gettext_lazy("Hand on to somebody else")
    submit = pgettext("a request", "Hand on")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        handed = hand_on_warning(self.subject, actor=request.user, **values)
        return _("%(person)s has it now.") % {"person": handed.owner.name}


class WarningRuleSet(RulePage):
    """`?rule=3` begins with what a rule says."""

    form_class = WarningRuleForm
    heading = gettext_lazy("Rule of warnings")

    def initial(self) -> dict[str, Any]:
        return WarningRuleForm.of(WarningRule.objects.filter(pk=read_number(self.request.GET, "rule")).first())

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_warning_rule(actor=request.user, **values)
        return _("Saved. It holds from the next look on.")


@method_decorator(employee_required, name="dispatch")
class WarningLook(ActPage):
    """Look now, not only at night."""

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not keeps_rules(request.user) and not has_capability(request.user, WATCH_SERVICE):
            raise PermissionDenied(FOR_RULES)

    def back_url(self) -> str:
        return reverse("crm:warning_list")

    def act(self, request: HttpRequest) -> str:
        found = look_for_warnings()
        return ngettext("%(count)s warning is open.", "%(count)s warnings are open.", found) % {"count": found}
