"""Who sees what is being sold: whoever writes the customer's file. Whoever may only look a customer up sees neither opportunities nor their sums."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.customers.models import Portfolio
from crm.customers.of_portfolio import OfPortfolioPolicy, customers_written_by, writes_files
from crm.sales.models import Lead, Opportunity, Quotation
from portal.access.policies import register

works_with_sales, customers_sold_to = writes_files, customers_written_by


class OpportunityPolicy(OfPortfolioPolicy):
    actions = {"view": _("see the opportunity"), "change": _("work on the opportunity")}


class QuotationPolicy(OfPortfolioPolicy):
    """Whoever writes the customer's file sees every quotation to them, whoever wrote it (R28)."""

    actions = {"view": _("see the quotation"), "change": _("write, send and order the quotation")}


class LeadPolicy(OfPortfolioPolicy):
    path = ""
    actions = {"view": _("see the lead"), "change": _("work on the lead")}

    def portfolio(self, obj: Any) -> Portfolio:
        found: Portfolio = obj.portfolio
        return found


register(Opportunity, OpportunityPolicy)
register(Lead, LeadPolicy)
register(Quotation, QuotationPolicy)
