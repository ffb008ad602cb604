"""Portfolios, and handing them over: one holder ends, another begins, and with the portfolio goes all that is open in it."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.errors import CustomersError
from crm.customers.models import Portfolio, PortfolioHolding
from crm.customers.notifications import HANDED_OVER, VACANT
from portal.access.policies import decide
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.services import refresh_people
from portal.access.standings import people_holding, standing_of
from portal.accounts.models import User
from portal.audit.services import record, snapshot
from portal.notifications.services import notify
from portal.organization.models import Department, Employment
from portal.organization.querysets import today

WRITTEN = ("code", "name", "department", "closed_on")


@transaction.atomic
def create_portfolio(*, actor: Any, code: str, name: str, department: Department) -> Portfolio:
    """A portfolio that nobody holds yet."""
    if not (has_capability(actor, KEEP_CUSTOMERS) or department.pk in standing_of(actor).headed_department_ids):
        raise CustomersError(_("Only the head of the department and those who keep the file may do this."))
    if Portfolio.objects.filter(code=code).exists():
        raise CustomersError(_("There is a portfolio %(code)s already.") % {"code": code})
    portfolio = Portfolio.objects.create(code=code, name=name, department=department)
    record(actor, "portfolio.created", portfolio, after=snapshot(portfolio, *WRITTEN))
    refresh_people(list(people_holding([f"head:{department.pk}"]).values_list("pk", flat=True)))
    return portfolio


@transaction.atomic
def change_portfolio(portfolio: Portfolio, *, actor: Any, name: str) -> None:
    """Call it otherwise."""
    held = _lock(portfolio, actor, "change")
    before = snapshot(held, *WRITTEN)
    held.name = name
    held.save()
    record(actor, "portfolio.changed", held, before=before, after=snapshot(held, *WRITTEN))


@transaction.atomic
def hand_over(portfolio: Portfolio, *, actor: Any, to: User, starts_on: date, reason: str = "") -> PortfolioHolding:
    """From a day on somebody else answers for it. Who held it until then goes on seeing it until the day before."""
    held = _lock(portfolio, actor, "hand_over")
    if not User.objects.active().employees().filter(pk=to.pk).exists() or not to.employments.current().exists():
        raise CustomersError(_("%(person)s does not work here any more. Choose an employee who may sign in.") % {"person": to.name})
    if starts_on < today():
        raise CustomersError(_("A portfolio is handed over from today on or from a later day; what was, stays as it was."))
    before = held.holdings.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)).order_by("starts_on").select_for_update()
    concerned = {to.pk}
    for holding in list(before):
        if holding.person_id == to.pk and holding.ends_on is None and holding.starts_on <= starts_on:
            raise CustomersError(_("%(person)s holds it from that day on already.") % {"person": to.name})
        concerned.add(holding.person_id)
        if holding.starts_on >= starts_on:
            holding.delete()  # it was planned and never came to be
        else:
            holding.ends_on = starts_on - timedelta(days=1)
            holding.save(update_fields=["ends_on"])
    held.vacancy_told_on = None
    held.save(update_fields=["vacancy_told_on"])
    made = PortfolioHolding.objects.create(portfolio=held, person=to, starts_on=starts_on, reason=reason.strip()[:200])
    record(actor, "portfolio.handed_over", held, after={"to": to.name, "from": starts_on.isoformat()}, reason=reason)
    refresh_people(sorted(concerned))
    words = {"portfolio": held.name, "day": starts_on.isoformat(), "number": held.customers.unmerged().count()}
    notify(HANDED_OVER, words=words, recipients=[to.pk], url=_address(held), actor=actor, needs=[f"user:{to.pk}"])
    return made


def vacant_portfolios() -> QuerySet[Portfolio]:
    """Open portfolios that nobody who works here holds today."""
    day = today()
    employed = Employment.objects.on(day).values("person")
    working = PortfolioHolding.objects.on(day).filter(person__in=User.objects.active().employees(), person_id__in=employed)
    return Portfolio.objects.filter(closed_on__isnull=True).exclude(pk__in=working.values("portfolio"))


@transaction.atomic
def tell_of_vacancies(user_ids: Collection[int] | None = None) -> None:
    """The head and those who keep the file learn once of each portfolio whose holder does not work here any more."""
    lost = vacant_portfolios().filter(holdings__isnull=False, vacancy_told_on__isnull=True).distinct()
    if user_ids is not None:
        lost = lost.filter(holdings__person__in=user_ids)
    found = list(Portfolio.objects.filter(pk__in=lost.values("pk")).select_for_update())
    for portfolio in found:
        needs = [f"head:{portfolio.department_id}", *tokens_of_holders(KEEP_CUSTOMERS)]
        recipients = list(people_holding(needs).values_list("pk", flat=True))
        notify(VACANT, words={"portfolio": portfolio.name}, recipients=recipients, url=_address(portfolio), needs=needs)
        portfolio.vacancy_told_on = today()
        portfolio.save(update_fields=["vacancy_told_on"])


def _lock(portfolio: Portfolio, actor: Any, action: str) -> Portfolio:
    held = Portfolio.objects.select_for_update().get(pk=portfolio.pk)
    decision = decide(actor, action, held)
    if not decision:
        raise CustomersError(str(decision.rule))
    return held


def _address(portfolio: Portfolio) -> str:
    return reverse("crm:portfolio_detail", args=[portfolio.pk])
