"""Who sees the accounts of a customer's people and keeps them: whoever writes the file, those who keep all accounts, and the firm's first person."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Customer
from crm.customers.policies import in_own_portfolios, works_with_customers, writer_tokens
from crm.extranet.capabilities import KEEP_OUTSIDERS
from crm.extranet.models import Account, Invitation
from portal.access.policies import Decision, Policy, can, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.accounts.models import User

NOT_YOURS = _("For who holds the customer's portfolio, those who keep the accounts of outsiders, and the first person of the firm.")


def keeps_outsiders(user: Any) -> bool:
    return user.is_employee and has_capability(user, KEEP_OUTSIDERS)


def works_with_outsiders(user: Any) -> bool:
    """No query of its own."""
    return user.is_employee and (has_capability(user, KEEP_OUTSIDERS) or works_with_customers(user))


def may_keep_people_of(user: Any, customer: Customer) -> bool:
    """`customer` is the file that stands."""
    if not user.is_employee:
        return Account.objects.active().of_firm(customer).filter(user=user.pk, is_first=True).exists()
    return has_capability(user, KEEP_OUTSIDERS) or bool(can(user, "change", customer))


class OfOutsiderPolicy(Policy[Any]):
    """Of a customer, by `customer`."""

    decides_views = True
    actions = {"view": _("see"), "change": _("invite and end")}

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        return Decision(user.is_employee and may_keep_people_of(user, obj.customer.root), NOT_YOURS)

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        taken = self.rows_of_taking_part(user)
        return rows.none() if taken is None else rows.filter(taken)

    def viewers(self, obj: Any) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Any) -> TakingPart:
        tokens = [*writer_tokens(obj.customer.root.portfolio), *tokens_of_holders(KEEP_OUTSIDERS)]
        return TakingPart(tuple(dict.fromkeys(tokens)))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        if not user.is_employee:
            return None
        if has_capability(user, KEEP_OUTSIDERS) or has_capability(user, KEEP_CUSTOMERS):
            return Q(pk__isnull=False)
        return in_own_portfolios(user, "customer__root__")


class AccountPolicy(OfOutsiderPolicy):
    actions = {"view": _("see the account"), "change": _("invite anew and end")}


class InvitationPolicy(OfOutsiderPolicy):
    actions = {"view": _("see the invitation"), "change": _("take the invitation back")}


register(Account, AccountPolicy)
register(Invitation, InvitationPolicy)
