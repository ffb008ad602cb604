"""Who sees what customers ask, and works on it.

Whose it is, the head of that department, whoever writes the customer's file, and those at the desk see it. The owner, the head and the desk work on it.
"""

from typing import Any, ClassVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Customer
from crm.customers.outsiders import acts_for
from crm.customers.policies import held_portfolios, in_own_portfolios, works_with_customers, writer_tokens
from crm.orders.capabilities import KEEP_ACCOUNTS
from crm.service.capabilities import DIAGNOSE, JUDGE, KEEP_RULES, READ_REPORTS, WATCH_SERVICE, WORK_AT_DESK
from crm.service.models import CustomerWarning, Objection, Report, Request
from portal.access.policies import Decision, Policy, can, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.rules import person_token
from portal.access.standings import standing_of
from portal.accounts.models import User

NOT_YOURS = _("For whose it is, the head of that department, and those at the service desk.")
FOR_DESK = _("For those at the service desk, and for who holds a portfolio of customers or heads a department.")
FOR_DIAGNOSIS = _("For experienced handlers, who may diagnose.")
FOR_JUDGES = _("For those who judge complaints and objections.")
FOR_VERIFIERS = _("For the head of the department and those who watch over service.")
NOT_OWN_WARNING = _("Whoever owns a warning, or treated it, does not verify it. Somebody else has to.")
FOR_REPORTS = _("For those who were given confidential reports to read.")
NOT_OWN = _("Nobody judges what they noted or diagnosed themselves. Somebody else has to.")
FOR_ACCOUNTS = _("For those who keep the accounts of customers.")
FOR_RULES = _("For those who keep the rules of service.")


AT_SERVICE = (WORK_AT_DESK, WATCH_SERVICE, DIAGNOSE, JUDGE, KEEP_RULES, KEEP_CUSTOMERS)


def works_with_service(user: Any) -> bool:
    """No query of its own: every page asks for its rail."""
    if not user.is_employee:
        return False
    if any(has_capability(user, code) for code in AT_SERVICE):
        return True
    return works_with_customers(user) and (bool(held_portfolios(user)) or bool(standing_of(user).headed_department_ids))


def keeps_rules(user: Any) -> bool:
    return user.is_employee and has_capability(user, KEEP_RULES)


def may_note_for(user: Any, customer: Customer) -> bool:
    """At the desk for whoever they may look up, else for those whose files they write; a customer's own people for their firm."""
    if not user.is_employee:
        return acts_for(user, customer)
    return can(user, "view", customer) if has_capability(user, WORK_AT_DESK) else can(user, "change", customer)


class OfOwnerPolicy(Policy[Any]):
    """Of somebody who owns it, for a customer, perhaps: `root` is where the customer's file stands now."""

    decides_views = True
    model: ClassVar[type[Model]]
    actions = {"view": _("see"), "change": _("work on it")}
    readers: tuple[str, ...] = (WORK_AT_DESK, WATCH_SERVICE, KEEP_CUSTOMERS)

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
        return (person_token(obj.owner_id), *heads, *tokens_of_holders(WORK_AT_DESK))

    def taking_part(self, obj: Any) -> TakingPart:
        of_file = writer_tokens(obj.customer.root.portfolio) if obj.customer_id else ()
        readers = [token for code in self.readers for token in tokens_of_holders(code)]
        reasons = [(person_token(obj.owner_id), _("Owns it."))]
        return TakingPart(tuple(dict.fromkeys((*self.workers(obj), *of_file, *readers))), reasons=reasons)

    def rows_of_taking_part(self, user: Any) -> Q:
        """One after the other, each by its index: an OR over both would read every row."""
        if any(has_capability(user, code) for code in self.readers):
            return Q(pk__isnull=False)
        standing = standing_of(user)
        mine = Q(owner=user.pk) if person_token(user.pk) in standing.token_set else Q(pk__in=[])
        own = mine | Q(department__in=standing.headed_department_ids)
        of_file = in_own_portfolios(user, "customer__root__")
        if of_file is None:
            return own
        rows = self.model._default_manager.order_by()
        return Q(pk__in=rows.filter(own).values("pk").union(rows.filter(of_file).values("pk")))


class RequestPolicy(OfOwnerPolicy):
    model = Request
    actions = {"view": _("see the request"), "change": _("work on the request")}


class ObjectionPolicy(OfOwnerPolicy):
    """Who noted it goes on seeing it; those who keep the accounts see what is to be compensated."""

    model = Objection
    readers = (*OfOwnerPolicy.readers, DIAGNOSE, JUDGE)
    actions = {
        "view": _("see the objection"),
        "change": _("handle the objection"),
        "diagnose": _("diagnose"),
        "judge": _("judge"),
        "compensate": _("book the compensation"),
    }

    def decide(self, user: Any, action: str, obj: Objection) -> Decision:
        if action == "diagnose":
            return Decision(user.is_employee and has_capability(user, DIAGNOSE), FOR_DIAGNOSIS)
        if action == "judge":
            own = user.pk in (obj.noted_by_id, obj.diagnosed_by_id)
            return Decision(user.is_employee and has_capability(user, JUDGE) and not own, NOT_OWN if own else FOR_JUDGES)
        if action == "compensate":
            return Decision(bool(obj.awarded) and user.is_employee and has_capability(user, KEEP_ACCOUNTS), FOR_ACCOUNTS)
        return super().decide(user, action, obj)

    def taking_part(self, obj: Objection) -> TakingPart:
        taking = super().taking_part(obj)
        payers = tokens_of_holders(KEEP_ACCOUNTS) if obj.awarded else []
        return TakingPart(tuple(dict.fromkeys((*taking.tokens, person_token(obj.noted_by_id), *payers))), reasons=taking.reasons)

    def rows_of_taking_part(self, user: Any) -> Q:
        seen = super().rows_of_taking_part(user)
        if person_token(user.pk) in standing_of(user).token_set:
            seen |= Q(noted_by=user.pk)
        return seen | Q(awarded__gt=0) if has_capability(user, KEEP_ACCOUNTS) else seen


class WarningPolicy(OfOwnerPolicy):
    """The owner and the head act on it; the head and those who watch verify, but nobody what is their own."""

    model = CustomerWarning
    actions = {"view": _("see the warning"), "change": _("say cause and measure"), "verify": _("verify the warning")}

    def decide(self, user: Any, action: str, obj: CustomerWarning) -> Decision:
        if action != "verify":
            return super().decide(user, action, obj)
        if user.pk in (obj.owner_id, obj.treated_by_id):
            return Decision(False, NOT_OWN_WARNING)
        heads = obj.department_id in standing_of(user).headed_department_ids
        return Decision(user.is_employee and (heads or has_capability(user, WATCH_SERVICE)), FOR_VERIFIERS)


class ReportPolicy(Policy[Report]):
    """Who reported it, and those who were given such reports to read. Whoever keeps the customer's file does not see it."""

    decides_views = True
    may_be_asked = False
    actions = {"view": _("see the report"), "change": _("follow the report up")}

    def decide(self, user: Any, action: str, obj: Report) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        return Decision(user.is_employee and has_capability(user, READ_REPORTS), FOR_REPORTS)

    def visible(self, user: Any, rows: QuerySet[Report]) -> QuerySet[Report]:
        if has_capability(user, READ_REPORTS):
            return rows
        return rows.filter(reporter=user.pk) if person_token(user.pk) in standing_of(user).token_set else rows.none()

    def viewers(self, obj: Report) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Report) -> TakingPart:
        return TakingPart((person_token(obj.reporter_id), *tokens_of_holders(READ_REPORTS)))


register(CustomerWarning, WarningPolicy)
register(Objection, ObjectionPolicy)
register(Report, ReportPolicy)
register(Request, RequestPolicy)
