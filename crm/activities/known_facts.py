"""What activities themselves know of a period: customers who came and went, visits. Orders, what was sold and rivals seen are added by the apps that know."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.activities.market_facts import MarketFact, register_market_facts


def register_known_facts() -> None:
    of_customers: dict[str, Any] = {"list_code": "crm.customers", "portfolio": "portfolio", "kinds": ("users",), "is_of_open": True}
    register_market_facts(
        MarketFact(code="taken_up", label=_("Customers taken up"), period="taken_up", order=10, **of_customers),
        MarketFact(code="closed", label=_("Customers closed"), period="closed", order=11, **of_customers),
        MarketFact(
            code="visits", label=_("Visits"), list_code="crm.visits", portfolio="portfolio", period="arrived", is_compared=True, is_of_open=True, order=20
        ),
    )
