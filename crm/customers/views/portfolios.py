"""Portfolios: what they hold, who answers for them, and handing them over."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.forms import HandoverForm, NewPortfolioForm, PortfolioForm
from crm.customers.models import Portfolio
from crm.customers.panels import work_in
from crm.customers.policies import KEEPERS_ONLY
from crm.customers.services.portfolios import change_portfolio, create_portfolio, hand_over
from portal.access.decorators import employee_required
from portal.access.policies import can, get_permitted
from portal.access.registry import has_capability
from portal.access.standings import standing_of
from portal.foundation.form_pages import FormPage
from portal.organization.querysets import today

Crumbs = list[tuple[str, str]]
MOST_WORK = 50


def _crumbs() -> Crumbs:
    return [(_("Customers"), reverse("crm:customer_list")), (_("Portfolios"), reverse("crm:portfolio_list"))]


@require_safe
@employee_required
def portfolio_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds it, who held it, and what is open in it."""
    portfolio = get_permitted(Portfolio, user=request.user, rows=Portfolio.objects.select_related("department"), pk=pk)
    work = work_in([portfolio.pk]) if can(request.user, "hand_over", portfolio) or _holds(request.user, portfolio) else []
    context = {
        "portfolio": portfolio,
        "holdings": portfolio.holdings.select_related("person"),
        "number": portfolio.customers.unmerged().filter(ended_on__isnull=True).count(),
        "work": work[:MOST_WORK],
        "work_count": len(work),
        "today": today(),
        "may_change": can(request.user, "change", portfolio),
        "crumbs": _crumbs(),
    }
    return render(request, "crm/portfolio_detail.html", context)


def _holds(user: Any, portfolio: Portfolio) -> bool:
    return portfolio.token in standing_of(user).token_set


@method_decorator(employee_required, name="dispatch")
class PortfolioCreate(FormPage):
    form_class = NewPortfolioForm
    heading = gettext_lazy("New portfolio")
    submit = gettext_lazy("Make")
    is_new_thing = True
    made: Portfolio | None = None

    def load(self, request: HttpRequest, **kwargs: Any) -> None:
        if not has_capability(request.user, KEEP_CUSTOMERS):
            raise PermissionDenied(KEEPERS_ONLY)

    def crumbs(self) -> Crumbs:
        return _crumbs()

    def back_url(self) -> str:
        return reverse("crm:portfolio_detail", args=[self.made.pk]) if self.made else reverse("crm:portfolio_list")

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        self.made = create_portfolio(actor=request.user, **values)
        return _("The portfolio %(name)s is there now. Hand it over to who is to answer for it.") % {"name": self.made.name}


class _PortfolioPage(FormPage):
    action = "change"

    def load(self, request: HttpRequest, **kwargs: Any) -> Portfolio:
        return get_permitted(Portfolio, user=request.user, action=self.action, pk=kwargs["pk"])

    def crumbs(self) -> Crumbs:
        return [*_crumbs(), (self.subject.name, self.back_url())]

    def back_url(self) -> str:
        return reverse("crm:portfolio_detail", args=[self.subject.pk])


@method_decorator(employee_required, name="dispatch")
class PortfolioUpdate(_PortfolioPage):
    form_class = PortfolioForm
    heading = gettext_lazy("Change a portfolio")
    submit = gettext_lazy("Save")

    def initial(self) -> dict[str, Any]:
        return {"name": self.subject.name}

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        change_portfolio(self.subject, actor=request.user, **values)
        return _("Saved.")


@method_decorator(employee_required, name="dispatch")
class PortfolioHandover(_PortfolioPage):
    action = "hand_over"
    form_class = HandoverForm
    template_name = "crm/portfolio_handover.html"
    heading = gettext_lazy("Hand over")
    submit = gettext_lazy("Hand over")

    def initial(self) -> dict[str, Any]:
        return {"starts_on": today()}

    def more_context(self) -> dict[str, Any]:
        work = work_in([self.subject.pk])
        holding = self.subject.holdings.on(today()).select_related("person").first()
        return {
            "portfolio": self.subject,
            "holding": holding,
            "number": self.subject.customers.unmerged().filter(ended_on__isnull=True).count(),
            "work": work[:MOST_WORK],
            "work_count": len(work),
        }

    def save(self, request: HttpRequest, values: dict[str, Any]) -> str:
        made = hand_over(self.subject, actor=request.user, **values)
        words = {"person": made.person.name, "day": made.starts_on.isoformat(), "portfolio": self.subject.name}
        return _("From %(day)s %(person)s answers for the portfolio %(portfolio)s and all that is open in it.") % words
