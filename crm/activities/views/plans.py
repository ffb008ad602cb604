"""How often, how many a day, in which order; and laying a month."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_safe

from crm.activities.capabilities import KEEP_ACTIVITIES
from crm.activities.forms import LineForm, MeasureForm, MonthForm, RuleForm, WhyManyForm
from crm.activities.models import Laying, LinePlace, PromiseRule
from crm.activities.models.rules import TIERS
from crm.activities.services.keeping import say_why_of_many
from crm.activities.services.months import begin_laying, laid_by
from crm.activities.services.planning import measure_of, order_line, set_measure, set_rule
from crm.activities.views.guards import FOR_VISITORS
from crm.activities.weeks import of_portfolio_rows, unexplained
from crm.customers.models import Customer, Portfolio
from crm.customers.policies import writer_tokens
from portal.access.decorators import capability_required, employee_required
from portal.access.policies import decide_by_taking_part, get_permitted
from portal.access.readers import TakingPart
from portal.foundation.form_pages import Crumb, FormPage
from portal.organization.querysets import today

UNPLACED = 10**9


def crumbs() -> list[Crumb]:
    return [(_("Visits"), reverse("crm:visit_week"))]


class PortfolioPage(FormPage):
    """One form about a portfolio, for whoever writes the files in it."""

    def load(self, request: HttpRequest, **kwargs: Any) -> Portfolio:
        portfolio = get_permitted(Portfolio, user=request.user, rows=Portfolio.objects.select_related("department"), pk=kwargs["pk"])
        if not decide_by_taking_part(request.user, TakingPart(writer_tokens(portfolio))):
            raise PermissionDenied(FOR_VISITORS)
        return portfolio

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (self.subject.name, self.back_url())]

    def back_url(self) -> str:
        return f"{reverse('crm:visit_week')}?portfolio={self.subject.pk}"


@method_decorator(employee_required, name="dispatch")
class MeasureUpdate(PortfolioPage):
    form_class = MeasureForm
    heading = gettext_lazy("A day's measure")
    submit = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        return {"visits": measure_of(self.subject)}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_measure(self.subject, actor=request.user, **values)
        return _("A day holds %(visits)s visits now. What is laid already stays until the month is laid anew.") % values


@method_decorator(employee_required, name="dispatch")
class LineUpdate(PortfolioPage):
    form_class = LineForm
    heading = gettext_lazy("Line of calls")
    submit = gettext_lazy("Save the order")

    def initial(self) -> dict[str, Any]:
        places = dict(LinePlace.objects.filter(customer__portfolio=self.subject.pk).values_list("customer", "place"))
        rows = self.subject.customers.unmerged().filter(ended_on__isnull=True).only("pk", "code", "name", "address")
        rows = sorted(rows, key=lambda one: (places.get(one.pk, UNPLACED), one.address, one.pk))
        return {"order": "\n".join(f"{one.code} {one.name}" for one in rows)}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        codes = [line.split()[0] for line in values["order"].splitlines() if line.split()]
        keys = dict(Customer.objects.filter(code__in=codes, portfolio=self.subject.pk).values_list("code", "pk"))
        order_line(self.subject, actor=request.user, customer_ids=[keys[code] for code in codes if code in keys])
        if strange := [code for code in codes if code not in keys]:
            words = {"number": len(keys), "codes": "、".join(strange[:5])}
            return _("The line has %(number)s customers. These are not in the portfolio and were left out: %(codes)s.") % words
        return _("The line has %(number)s customers.") % {"number": len(keys)}


@method_decorator(employee_required, name="dispatch")
class MissedExplain(PortfolioPage):
    """One reason for several that were missed; all are chosen to begin with."""

    form_class = WhyManyForm
    heading = gettext_lazy("Why they were missed")
    submit = pgettext_lazy("a reason", "Say so")
    note = gettext_lazy("They stay missed; the head of the department reads why.")

    def form_arguments(self) -> dict[str, Any]:
        return {"missed": unexplained(of_portfolio_rows(self.subject)[1]).select_related("customer__root")}

    def initial(self) -> dict[str, Any]:
        keys = unexplained(of_portfolio_rows(self.subject)[1]).values_list("pk", flat=True)
        return {"promises": list(keys)}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        number = say_why_of_many(values["promises"], actor=request.user, reason=values["reason"])
        return ngettext("Noted for %(number)s.", "Noted for %(number)s.", number) % {"number": number}


@require_safe
@capability_required(KEEP_ACTIVITIES)
def rule_list(request: HttpRequest) -> HttpResponse:
    """How often customers of each tier are visited and called."""
    rules = {(rule.tier, rule.kind): rule for rule in PromiseRule.objects.all()}
    rows = [(code, label, rules.get((code, "visit")), rules.get((code, "call"))) for code, label in TIERS]
    return render(request, "crm/activities/rule_list.html", {"rows": rows, "crumbs": crumbs()})


@method_decorator(capability_required(KEEP_ACTIVITIES), name="dispatch")
class RuleSet(FormPage):
    form_class = RuleForm
    heading = gettext_lazy("How often")
    submit = gettext_lazy("Save")
    note = gettext_lazy("Weeks and months that have begun stay as they are; what comes follows the rule from the next morning on.")

    def initial(self) -> dict[str, Any]:
        tier, kind = self.request.GET.get("tier", ""), self.request.GET.get("kind", "")
        rule = PromiseRule.objects.filter(tier=tier[:12], kind=kind[:5]).first()
        return {"tier": tier, "kind": kind, "every": rule.every if rule else 1, "unit": rule.unit if rule else "week"}

    def crumbs(self) -> list[Crumb]:
        return [*crumbs(), (_("How often"), self.back_url())]

    def back_url(self) -> str:
        return reverse("crm:rule_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        set_rule(actor=request.user, **values)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class MonthLay(FormPage):
    form_class = MonthForm
    heading = gettext_lazy("Lay a month")
    submit = pgettext_lazy("a month", "Lay")
    made: Laying | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not laid_by(request.user).exists():
            raise PermissionDenied(_("Only heads of departments with portfolios, and those who keep the rules, lay a month for others."))

    def initial(self) -> dict[str, Any]:
        return {"month": today()}

    def crumbs(self) -> list[Crumb]:
        return crumbs()

    def back_url(self) -> str:
        return reverse("crm:laying_detail", args=[self.made.pk]) if self.made else reverse("crm:visit_week")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = begin_laying(actor=request.user, **values)
        return _("The month is being laid for %(number)s portfolios.") % {"number": self.made.total}


@require_safe
@employee_required
def laying_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; for who began it. Part of the page asks again until it is done."""
    laying = get_object_or_404(Laying.objects.filter(begun_by=request.user.pk), pk=pk)
    template = "crm/activities/_laying.html" if request.headers.get("HX-Request") else "crm/activities/laying_detail.html"
    return render(request, template, {"laying": laying, "crumbs": crumbs()})
