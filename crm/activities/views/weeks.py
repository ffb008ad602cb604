"""My week: one page from which a portfolio is worked."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.activities.models import CareCase, MarketReport
from crm.activities.services.months import laid_by
from crm.activities.views.guards import refuse_others
from crm.activities.weeks import read_week
from crm.customers.models import Portfolio
from crm.customers.policies import held_portfolios, written_portfolios
from portal.access.decorators import employee_required
from portal.access.policies import visible_to
from portal.foundation.asking import read_number, read_words
from portal.foundation.moments import read_day
from portal.organization.querysets import today

MOST_PORTFOLIOS = 600
MOST_REPORTS = 6


def portfolios_worked(user: Any) -> list[Portfolio]:
    """Those whose files this person writes; their own first."""
    own = set(held_portfolios(user))
    rows = written_portfolios(user).filter(Q(closed_on__isnull=True)).select_related("department")[:MOST_PORTFOLIOS]
    return sorted(rows, key=lambda one: one.pk not in own)


def to_ask(portfolio: Portfolio | None) -> list[Any]:
    """Campaigns in which customers of it are still to be called, and how many."""
    if portfolio is None:
        return []
    rows = CareCase.objects.to_ask().filter(customer__root__portfolio=portfolio)
    return list(rows.order_by("care__ends_on", "care").values("care", "care__name", "care__ends_on").annotate(number=Count("pk")))


def owed_reports(user: Any, portfolio: Portfolio | None) -> list[MarketReport]:
    """Market reports that whoever holds it owes, of those that this person may see."""
    if portfolio is None:
        return []
    rows = visible_to(MarketReport, user).filter(portfolio=portfolio, state=MarketReport.State.OWED)
    return list(rows.select_related("call").order_by("call__due_on", "pk")[:MOST_REPORTS])


@require_safe
@employee_required
def visit_week(request: HttpRequest) -> HttpResponse:
    """`?week=2026-11-30&portfolio=3`: any day of the week; this week and one's own portfolio where the address says nothing."""
    refuse_others(request.user)
    portfolios = portfolios_worked(request.user)
    asked = read_number(request.GET, "portfolio")
    portfolio = next((one for one in portfolios if one.pk == asked), portfolios[0] if portfolios else None)
    day = read_day(read_words(request.GET, "week")) or today()
    week = read_week(portfolio, day) if portfolio is not None else None
    context = {
        "week": week,
        "cares": to_ask(portfolio),
        "reports": owed_reports(request.user, portfolio),
        "portfolios": portfolios,
        "portfolio": portfolio,
        "before": week.first - timedelta(days=7) if week else None,
        "after": week.first + timedelta(days=7) if week else None,
        "is_now": week is not None and week.first <= today() <= week.last,
        "may_lay": laid_by(request.user).exists(),
        "today": today(),
        "heading": _("My week") if portfolio is not None and portfolio.pk in held_portfolios(request.user) else _("Week of a portfolio"),
    }
    return render(request, "crm/activities/week.html", context)
