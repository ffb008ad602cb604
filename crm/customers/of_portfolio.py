"""What belongs to a portfolio: seen and worked on by whoever writes the files in it. Apps above take this policy for what they hang on customers."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Customer, Portfolio
from crm.customers.policies import NOT_YOURS, held_portfolios, in_own_portfolios, works_with_customers, writer_tokens
from portal.access.policies import Decision, Policy, decide_by_taking_part, people_taking_part
from portal.access.readers import TakingPart
from portal.access.registry import has_capability
from portal.access.standings import standing_of
from portal.accounts.models import User


def writes_files(user: Any) -> bool:
    """Does this person write the file of any customer? No query of its own: every page asks for its rail."""
    if not works_with_customers(user):
        return False
    return has_capability(user, KEEP_CUSTOMERS) or bool(held_portfolios(user)) or bool(standing_of(user).headed_department_ids)


def rows_of_own(user: Any, path: str) -> Q | None:
    """What belongs to customers (at `path`) whose files this person writes; None without any."""
    if has_capability(user, KEEP_CUSTOMERS):
        return Q(pk__isnull=False)
    return in_own_portfolios(user, path)


def customers_written_by(user: Any) -> QuerySet[Customer]:
    rows = rows_of_own(user, "")
    return Customer.objects.none() if rows is None else Customer.objects.unmerged().filter(rows)


class OfPortfolioPolicy(Policy[Any]):
    """Of a portfolio, by `path` from the thing to what has it: of a customer, of the file into which theirs was merged."""

    path = "customer__root__"
    decides_views = True
    actions = {"view": _("see"), "change": _("work on it")}

    def portfolio(self, obj: Any) -> Portfolio:
        found: Portfolio = obj.customer.root.portfolio
        return found

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        return decide_by_taking_part(user, self.taking_part(obj)) if action == "view" else Decision(self._writes(user, obj), NOT_YOURS)

    def _writes(self, user: Any, obj: Any) -> bool:
        return bool(decide_by_taking_part(user, self.taking_part(obj)))

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        taken = self.rows_of_taking_part(user)
        return rows.none() if taken is None else rows.filter(taken)

    def viewers(self, obj: Any) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Any) -> TakingPart:
        return TakingPart(writer_tokens(self.portfolio(obj)))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        return rows_of_own(user, self.path)
