"""Who sees what is being sold: whoever writes the customer's file. Whoever may only look a customer up sees neither opportunities nor their sums."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.models import Portfolio
from crm.customers.of_portfolio import OfPortfolioPolicy, customers_written_by, writes_files
from crm.sales.capabilities import KEEP_EXPENSES
from crm.sales.models import Expense, Lead, Opportunity, Quotation
from portal.access.policies import Decision, Policy, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.rules import person_token
from portal.access.standings import standing_of
from portal.accounts.models import User

works_with_sales, customers_sold_to = writes_files, customers_written_by

OWN_ONLY = _("Only whoever spent it changes it.")
FOR_HEADS = _("For the head of the department where it was spent, those above, and those who keep expenses.")
NOT_OWN = _("Nobody confirms what they spent themselves.")
FOR_KEEPERS = _("For those who keep expenses.")


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


def keeps_expenses(user: Any) -> bool:
    return bool(user.is_employee and has_capability(user, KEEP_EXPENSES))


def works_with_expenses(user: Any) -> bool:
    return works_with_sales(user) or keeps_expenses(user)


class ExpensePolicy(Policy[Expense]):
    """Whoever spent it, the heads of where they worked on that day, and those who keep expenses. Whoever writes the customer's file does not by that."""

    decides_views = True
    actions = {"view": _("see the expense"), "change": _("correct and withdraw the expense"), "confirm": _("confirm the expense or send it back")}

    def decide(self, user: Any, action: str, obj: Expense) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        if action == "change":
            return Decision(user.is_employee and obj.person_id == user.pk, OWN_ONLY)
        if obj.person_id == user.pk:
            return Decision(False, NOT_OWN)
        heads = not set(obj.places).isdisjoint(standing_of(user).headed_department_ids)
        return Decision(user.is_employee and (heads or has_capability(user, KEEP_EXPENSES)), FOR_HEADS)

    def visible(self, user: Any, rows: QuerySet[Expense]) -> QuerySet[Expense]:
        if has_capability(user, KEEP_EXPENSES):
            return rows
        standing = standing_of(user)
        if person_token(user.pk) not in standing.token_set:
            return rows.none()
        seen = Q(person=user.pk)
        if headed := standing.headed_department_ids:
            seen |= Q(places__overlap=headed)
        return rows.filter(seen)

    def viewers(self, obj: Expense) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Expense) -> TakingPart:
        heads = [f"head:{pk}" for pk in obj.places]
        return TakingPart(tuple(dict.fromkeys((person_token(obj.person_id), *heads, *tokens_of_holders(KEEP_EXPENSES)))))


register(Expense, ExpensePolicy)
register(Opportunity, OpportunityPolicy)
register(Lead, LeadPolicy)
register(Quotation, QuotationPolicy)
