"""Who sees orders and accounts, and does what with them: whoever writes the customer's file, those who take orders, deliver them, or keep the accounts."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Customer
from crm.customers.models.customers import CustomerQuerySet
from crm.customers.outsiders import acts_for
from crm.customers.policies import held_portfolios, in_own_portfolios, works_with_customers, writer_tokens
from crm.orders.capabilities import DELIVER_ORDERS, KEEP_ACCOUNTS, TAKE_ORDERS
from crm.orders.models import CreditAccount, Order, Payment, Receivable, Release
from portal.access.policies import Decision, Policy, can, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.standings import standing_of
from portal.accounts.models import User

ALL = (TAKE_ORDERS, DELIVER_ORDERS, KEEP_ACCOUNTS)
NOT_YOURS = _("For who holds the customer's portfolio, and those who take orders.")
FOR_DELIVERY = _("For those who deliver orders.")
FOR_ACCOUNTS = _("For those who keep the accounts.")


def works_with_orders(user: Any) -> bool:
    """No query of its own: every page asks for its rail."""
    return user.is_employee and (any(has_capability(user, code) for code in ALL) or _writes_files(user))


def takes_orders(user: Any) -> bool:
    return user.is_employee and (has_capability(user, TAKE_ORDERS) or _writes_files(user))


def keeps_accounts(user: Any) -> bool:
    return user.is_employee and has_capability(user, KEEP_ACCOUNTS)


def _writes_files(user: Any) -> bool:
    if not works_with_customers(user):
        return False
    return has_capability(user, KEEP_CUSTOMERS) or bool(held_portfolios(user)) or bool(standing_of(user).headed_department_ids)


def may_order_for(user: Any, customer: Customer) -> bool:
    """A customer's own people order for their firm."""
    if not user.is_employee:
        return acts_for(user, customer)
    return has_capability(user, TAKE_ORDERS) or bool(can(user, "change", customer))


def customers_ordered_for(user: Any) -> CustomerQuerySet:
    """The customers for whom this person may order."""
    if has_capability(user, TAKE_ORDERS):
        return Customer.objects.all()
    rows = _of_portfolios(user, "")
    return Customer.objects.none() if rows is None else Customer.objects.filter(rows)


def _of_portfolios(user: Any, path: str) -> Q | None:
    if has_capability(user, KEEP_CUSTOMERS):
        return Q(pk__isnull=False)
    return in_own_portfolios(user, path)


class OfCustomerPolicy(Policy[Any]):
    """Of a customer, by `path` from the thing: of the file into which theirs was merged."""

    path = ""
    decides_views = True

    def customer(self, obj: Any) -> Customer:
        raise NotImplementedError

    def decide(self, user: Any, action: str, obj: Any) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        if action == "deliver":
            return Decision(user.is_employee and has_capability(user, DELIVER_ORDERS), FOR_DELIVERY)
        if action == "account":
            return Decision(keeps_accounts(user), FOR_ACCOUNTS)
        return Decision(may_order_for(user, self.file(obj)), NOT_YOURS)

    def file(self, obj: Any) -> Customer:
        customer = self.customer(obj)
        return customer if customer.root_id == customer.pk else customer.root

    def visible(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        taken = self.rows_of_taking_part(user)
        return rows.none() if taken is None else rows.filter(taken)

    def viewers(self, obj: Any) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Any) -> TakingPart:
        tokens = [*writer_tokens(self.file(obj).portfolio), *(token for code in ALL for token in tokens_of_holders(code))]
        return TakingPart(tuple(dict.fromkeys(tokens)))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        if any(has_capability(user, code) for code in ALL):
            return Q(pk__isnull=False)
        return _of_portfolios(user, self.path)


class OrderPolicy(OfCustomerPolicy):
    path = "customer__root__"
    actions = {"view": _("see the order"), "change": _("change and cancel the order"), "deliver": _("book what was delivered and came back")}

    def customer(self, obj: Any) -> Customer:
        found: Customer = obj.customer
        return found


class ReleasePolicy(OrderPolicy):
    actions = {"view": _("see the release"), "change": _("confirm the released order")}


class AccountPolicy(OfCustomerPolicy):
    path = "customer__root__"
    actions = {"view": _("see the account"), "account": _("keep the account")}

    def customer(self, obj: Any) -> Customer:
        found: Customer = obj.customer
        return found


class OfAccountPolicy(OfCustomerPolicy):
    path = "account__customer__root__"
    actions = {"view": _("see"), "account": _("keep the account")}

    def customer(self, obj: Any) -> Customer:
        found: Customer = obj.account.customer
        return found


register(Order, OrderPolicy)
register(Release, ReleasePolicy)
register(CreditAccount, AccountPolicy)
register(Receivable, OfAccountPolicy)
register(Payment, OfAccountPolicy)
