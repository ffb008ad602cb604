"""Opportunities and expenses on a customer's page, a visit's, and among what a handover shows; needs that others heard of, taken as leads."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.activities.models import Visit
from crm.activities.panels import register_visit_panel
from crm.catalogue.units import say_yuan
from crm.customers.models import Customer
from crm.customers.needs import Fate, NeedTaker, register_need_taker
from crm.customers.panels import OpenWork, Panel, register_customer_panel, register_work_of
from crm.sales.known_measures import register_known_measures
from crm.sales.models import Expense, Lead, Opportunity, Quotation
from crm.sales.policies import works_with_sales
from crm.sales.receipts import spent_on
from crm.sales.services.leads import take_need
from portal.access.policies import can, visible_to
from portal.organization.querysets import today

MOST = 6


def _opportunities(customer: Customer, user: Any) -> dict[str, Any] | None:
    if not works_with_sales(user) or not can(user, "change", customer):
        return None
    rows = visible_to(Opportunity, user).filter(customer__root=customer.pk).select_related("stage").order_by("closed_on", "expected_on", "pk")
    found = list(rows[: MOST + 1])
    shown = [(row, say_yuan(row.amount), row.is_open and row.expected_on < today()) for row in found[:MOST]]
    quoted = visible_to(Quotation, user).filter(customer__root=customer.pk)[:MOST]
    quotations = [(row, say_yuan(row.total)) for row in quoted]
    return {"opportunities": shown, "is_more": len(found) > MOST, "quotations": quotations}


def _expenses(customer: Customer, user: Any) -> dict[str, Any] | None:
    if not works_with_sales(user) or not can(user, "change", customer):
        return None
    return spent_on(visible_to(Expense, user).filter(customer__root=customer.pk)) | {"query": f"?customer={customer.pk}"}


def _of_visit(visit: Visit, user: Any) -> dict[str, Any] | None:
    if not works_with_sales(user) or not can(user, "change", visit.customer.root):
        return None
    return spent_on(visible_to(Expense, user).filter(visit=visit.pk)) | {"query": f"?visit={visit.pk}"}


def _open(portfolio_ids: Sequence[int]) -> Iterable[OpenWork]:
    rows = Opportunity.objects.filter(customer__root__portfolio__in=portfolio_ids, state=Opportunity.State.OPEN).select_related("customer__root")
    for row in rows.order_by("expected_on", "pk"):
        yield OpenWork(row.customer.root, row.name, row.next_on or row.expected_on, row.get_absolute_url())


def _fate(key: int, user: Any) -> Fate | None:
    """Of a lead that came of a need: waiting, dropped, or the opportunity that it became."""
    lead = Lead.objects.select_related("portfolio", "opportunity__stage", "opportunity__customer__root__portfolio").filter(pk=key).first()
    if lead is None:
        return None
    sale = lead.opportunity
    if sale is None:
        why = _("dropped: %(reason)s") % {"reason": lead.dropped_because} if lead.dropped_because else str(lead.get_state_display())
        return Fate(why, "", reverse("crm:lead_detail", args=[lead.pk]) if can(user, "view", lead) else "")
    return Fate(str(sale.get_state_display()), "", sale.get_absolute_url() if can(user, "view", sale) else "")


register_known_measures()
register_need_taker(NeedTaker(take_need, _fate))
register_customer_panel(Panel("sales", "crm/sales/_panel.html", _opportunities, order=20))
register_customer_panel(Panel("expenses", "crm/sales/_expenses.html", _expenses, order=22))
register_visit_panel("crm/sales/_expenses.html", _of_visit)
register_work_of(_open)
