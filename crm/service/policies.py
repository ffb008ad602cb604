"""Who sees what customers ask, and works on it.

Whose it is, the head of that department, whoever writes the customer's file, and those at the desk see it. The owner, the head and the desk work on it.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Customer
from crm.customers.policies import held_portfolios, in_own_portfolios, works_with_customers, writer_tokens
from crm.service.capabilities import KEEP_RULES, WORK_AT_DESK
from crm.service.models import Request
from portal.access.policies import Decision, Policy, can, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.rules import person_token
from portal.access.standings import standing_of
from portal.accounts.models import User

NOT_YOURS = _("For whose it is, the head of that department, and those at the service desk.")
FOR_DESK = _("For those at the service desk, and for who holds a portfolio of customers or heads a department.")
FOR_RULES = _("For those who keep the rules of service.")


def works_with_service(user: Any) -> bool:
    """No query of its own: every page asks for its rail."""
    if not user.is_employee:
        return False
    if has_capability(user, WORK_AT_DESK) or has_capability(user, KEEP_RULES) or has_capability(user, KEEP_CUSTOMERS):
        return True
    return works_with_customers(user) and (bool(held_portfolios(user)) or bool(standing_of(user).headed_department_ids))


def keeps_rules(user: Any) -> bool:
    return user.is_employee and has_capability(user, KEEP_RULES)


def may_note_for(user: Any, customer: Customer) -> bool:
    """At the desk for whoever they may look up, else for those whose files they write."""
    return can(user, "view", customer) if has_capability(user, WORK_AT_DESK) else can(user, "change", customer)


class OfOwnerPolicy(Policy[Any]):
    """Of somebody who owns it, for a customer, perhaps: `root` is where the customer's file stands now."""

    decides_views = True
    actions = {"view": _("see"), "change": _("work on it")}
    capabilities: tuple[str, ...] = (WORK_AT_DESK,)

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        return Decision(bool(decide_by_taking_part(user, TakingPart(self.workers(obj)))), NOT_YOURS)

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(self.rows_of_taking_part(user))

    def viewers(self, obj: Any) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def workers(self, obj: Any) -> tuple[str, ...]:
        heads = (f"head:{obj.department_id}",) if obj.department_id else ()
        return (person_token(obj.owner_id), *heads, *(token for code in self.capabilities for token in tokens_of_holders(code)))

    def taking_part(self, obj: Any) -> TakingPart:
        of_file = writer_tokens(obj.customer.root.portfolio) if obj.customer_id else tokens_of_holders(KEEP_CUSTOMERS)
        reasons = [(person_token(obj.owner_id), _("Owns it."))]
        return TakingPart(tuple(dict.fromkeys((*self.workers(obj), *of_file))), reasons=reasons)

    def rows_of_taking_part(self, user: Any) -> Q:
        if any(has_capability(user, code) for code in (*self.capabilities, KEEP_CUSTOMERS)):
            return Q(pk__isnull=False)
        standing = standing_of(user)
        mine = Q(owner=user.pk) if person_token(user.pk) in standing.token_set else Q(pk__in=[])
        own = mine | Q(department__in=standing.headed_department_ids)
        of_file = in_own_portfolios(user, "customer__root__")
        return own if of_file is None else own | of_file


class RequestPolicy(OfOwnerPolicy):
    actions = {"view": _("see the request"), "change": _("work on the request")}


register(Request, RequestPolicy)
