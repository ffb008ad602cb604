"""Who sees what is promised to customers and done with them: whoever writes their file."""

from django.utils.translation import gettext_lazy as _

from crm.activities.models import Promise
from crm.customers.of_portfolio import OfPortfolioPolicy, customers_written_by, writes_files
from portal.access.policies import register

works_with_visits, customers_visited_by = writes_files, customers_written_by


class PromisePolicy(OfPortfolioPolicy):
    actions = {"view": _("see the promise"), "change": _("plan it, keep it, say why it was missed")}


register(Promise, PromisePolicy)
