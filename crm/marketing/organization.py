"""What a customer carries, on their page; what is launched and shown there, on a visit's; where rivals were seen, beside a market report."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from crm.activities.market_facts import MarketFact, register_market_facts
from crm.activities.models import Visit
from crm.activities.panels import register_visit_panel
from crm.customers.models import Customer
from crm.customers.panels import Panel, register_customer_panel
from crm.marketing.launching import launches_of
from crm.marketing.models import ChannelStock, LaunchOpinion
from crm.marketing.policies import keeps_marketing
from portal.access.policies import can

MOST = 6


def _carried(customer: Customer, user: Any) -> dict[str, Any] | None:
    """The newest note of each product."""
    may_note = can(user, "change", customer)
    if not may_note and not keeps_marketing(user):
        return None
    rows = ChannelStock.objects.filter(customer__root=customer.pk).select_related("product")
    last: dict[int, ChannelStock] = {}
    for note in rows[: 10 * MOST]:
        last.setdefault(note.product_id, note)
    return {"notes": [(note, note.product.packing.said(note.quantity)) for note in list(last.values())[:MOST]], "may_note": may_note}


def _launched(visit: Visit, user: Any) -> dict[str, Any] | None:
    """What runs for this customer, and what was said of it there."""
    if not can(user, "change", visit.customer.root):
        return None
    launches = list(launches_of(visit.customer)[:MOST])
    opinions = list(LaunchOpinion.objects.filter(visit=visit.pk).select_related("campaign")[:MOST])
    return {"visit": visit, "launches": launches, "opinions": opinions} if launches or opinions else None


register_visit_panel("crm/marketing/_launched.html", _launched)
register_customer_panel(Panel("channel", "crm/marketing/_panel.html", _carried, order=40))
register_market_facts(
    MarketFact(
        code="rivals",
        label=_("Rivals seen at visits"),
        list_code="crm.sightings",
        portfolio="district",
        period="seen",
        kinds=("rivals",),
        amount=lambda: Count("name", distinct=True),
        is_compared=True,
        order=50,
    ),
    MarketFact(
        code="sightings",
        label=_("Where rivals were seen"),
        list_code="crm.sightings",
        portfolio="district",
        period="seen",
        kinds=("rivals",),
        is_compared=True,
        order=51,
    ),
)
