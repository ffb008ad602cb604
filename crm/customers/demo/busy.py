"""Whose work the other modules of the demo plant show: twelve of its lines of calls; the rest have their customers alone."""

from datetime import date

from crm.customers.models import PortfolioHolding

MOST_BUSY = 12


def busy_holdings(day: date) -> list[PortfolioHolding]:
    return list(PortfolioHolding.objects.on(day).select_related("person", "portfolio").order_by("portfolio__code")[:MOST_BUSY])
