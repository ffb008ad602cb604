"""What was ordered and sold in a period, beside a market report."""

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from crm.activities.market_facts import MarketFact, register_market_facts

register_market_facts(
    MarketFact(
        code="ordering",
        label=_("Customers who ordered"),
        list_code="crm.orders",
        portfolio="portfolio",
        period="placed",
        kinds=("users",),
        amount=lambda: Count("customer__root", distinct=True),
        is_compared=True,
        order=30,
    ),
    MarketFact(code="orders", label=_("Orders"), list_code="crm.orders", portfolio="portfolio", period="placed", kinds=("users",), is_compared=True, order=31),
    MarketFact(
        code="sold",
        label=_("Sold quantity"),
        list_code="crm.sold",
        portfolio="portfolio",
        period="day",
        amount=lambda: Sum("quantity"),
        is_compared=True,
        order=40,
    ),
)
