"""Who sees what is promised to customers and done with them: whoever writes their file."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.activities.models import Promise, Visit
from crm.customers.of_portfolio import OfPortfolioPolicy, customers_written_by, writes_files
from crm.customers.policies import writer_tokens
from portal.access.policies import register
from portal.access.readers import TakingPart
from portal.access.rules import person_token

works_with_visits, customers_visited_by = writes_files, customers_written_by


class PromisePolicy(OfPortfolioPolicy):
    actions = {"view": _("see the promise"), "change": _("plan it, keep it, say why it was missed")}


class VisitPolicy(OfPortfolioPolicy):
    """Whoever writes the customer's file, and whoever was there."""

    actions = {"view": _("see the visit"), "change": _("work on the visit")}

    def taking_part(self, obj: Any) -> TakingPart:
        return TakingPart((*writer_tokens(self.portfolio(obj)), person_token(obj.person_id)))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        own, files = Q(person=user.pk), super().rows_of_taking_part(user)
        return own if files is None else own | files


register(Promise, PromisePolicy)
register(Visit, VisitPolicy)
