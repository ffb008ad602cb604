"""Who sees customers and does what with their file.

Who holds the portfolio, or stands in for who does; the head of its department; those who keep the file. They write it and know how people are reached.
Those who may look up customers (`customers.read`) see every file without that.
"""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.capabilities import KEEP_CUSTOMERS, READ_CUSTOMERS
from crm.customers.field_rights import ACTIONS, DOSSIER, PARTS, PHONES, holds_part
from crm.customers.models import Customer, DossierEntry, Portfolio, ReachPoint
from crm.customers.models.portfolios import headed_token, portfolio_token
from portal.access.policies import Decision, Policy, decide, decide_by_taking_part, people_taking_part, register, viewers_of, visible_to
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.standings import standing_of
from portal.accounts.models import User

NOT_YOURS = _("For who holds the portfolio, the head of its department, and those who keep the file.")
NOT_GIVEN = _("This part of the file is for who holds the portfolio, and for those who were given it.")
KEEPERS_ONLY = _("Only the head of the department and those who keep the file may do this.")


def held_portfolios(user: Any) -> list[int]:
    """The portfolios that somebody holds today, or stands in for; no query of its own."""
    prefix = portfolio_token(0)[:-1]
    return [int(token.removeprefix(prefix)) for token in standing_of(user).tokens if token.startswith(prefix)]


def in_own_portfolios(user: Any, path: str = "") -> Q | None:
    """What belongs to portfolios that this person holds, stands in for, or heads the department of; None without any. `path` leads to the customer."""
    held, headed = held_portfolios(user), standing_of(user).headed_department_ids
    if not held and not headed:
        return None
    return Q(**{f"{path}portfolio__in": held}) | Q(**{f"{path}portfolio__department__in": headed})


def writer_tokens(portfolio: Portfolio) -> tuple[str, ...]:
    """Whoever holds one of these writes the file of the customers of a portfolio."""
    return (portfolio.token, f"head:{portfolio.department_id}", *tokens_of_holders(KEEP_CUSTOMERS))


def reader_tokens(portfolio: Portfolio) -> tuple[str, ...]:
    """Whoever holds one of these sees them."""
    return (*writer_tokens(portfolio), f"cap:{READ_CUSTOMERS}")


def written_portfolios(user: Any) -> QuerySet[Portfolio]:
    """Those whose customers' files this person writes."""
    if has_capability(user, KEEP_CUSTOMERS):
        return Portfolio.objects.all()
    return Portfolio.objects.filter(Q(pk__in=held_portfolios(user)) | Q(department__in=standing_of(user).headed_department_ids))


def known_numbers(user: Any) -> QuerySet[ReachPoint]:
    """Telephone numbers that this person may know: of shops and people in the files that they write, of shops where they were given those."""
    known = Q(customer__root__portfolio__in=written_portfolios(user))
    if holds_part(user, PHONES):
        known |= Q(contact__isnull=True, customer__root__in=visible_to(Customer, user))
    return ReachPoint.objects.filter(known, ended_on__isnull=True)


def works_with_customers(user: Any) -> bool:
    """Is there anything for this person in the file? No query of its own: every page asks for its rail."""
    if not user.is_employee:
        return False
    if has_capability(user, KEEP_CUSTOMERS) or has_capability(user, READ_CUSTOMERS):
        return True
    prefixes = (portfolio_token(0)[:-1], headed_token(0)[:-1])
    return any(token.startswith(prefixes) for token in standing_of(user).tokens)


class CustomerPolicy(Policy[Customer]):
    decides_views = True
    actions = {
        "view": _("see the file"),
        "change": _("write the file"),
        "reach": _("know how people are reached"),
        "move": _("put into another portfolio"),
        "merge": _("merge with another file"),
        **ACTIONS,
    }

    def decide(self, user: Any, action: str, obj: Customer) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        if action in ("move", "merge"):
            return _keeps(user, obj.portfolio)
        writes = bool(decide_by_taking_part(user, TakingPart(writer_tokens(obj.portfolio))))
        if action in PARTS and not writes:
            return Decision(holds_part(user, action) and bool(self.decide(user, "view", obj)), NOT_GIVEN)
        return Decision(writes, NOT_YOURS)

    def visible(self, user: Any, rows: QuerySet[Customer]) -> QuerySet[Customer]:
        taken = self.rows_of_taking_part(user)
        return rows.none() if taken is None else rows.filter(taken)

    def viewers(self, obj: Customer) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Customer) -> TakingPart:
        if obj.is_merged:
            return TakingPart(())  # the file into which it went is what is seen
        portfolio = obj.portfolio
        reasons = [(portfolio.token, _("Holds the portfolio, or stands in.")), (f"head:{portfolio.department_id}", _("Heads its department."))]
        return TakingPart(reader_tokens(portfolio), reasons=reasons)

    def rows_of_taking_part(self, user: Any) -> Q | None:
        if has_capability(user, KEEP_CUSTOMERS) or has_capability(user, READ_CUSTOMERS):
            return Q(root=F("pk"))
        portfolios = in_own_portfolios(user)
        return None if portfolios is None else Q(root=F("pk")) & portfolios


class DossierPolicy(Policy[DossierEntry]):
    """An entry, and the files that hang on it: for those who see the dossier of the customer."""

    actions = {"view": _("see")}
    may_be_asked = False

    def decide(self, user: Any, action: str, obj: DossierEntry) -> Decision:
        return decide(user, DOSSIER, obj.customer.root)

    def visible(self, user: Any, rows: QuerySet[DossierEntry]) -> QuerySet[DossierEntry]:
        seen = Q() if holds_part(user, DOSSIER) else in_own_portfolios(user, "customer__root__")
        return rows.none() if seen is None else rows.filter(seen, customer__root__in=visible_to(Customer, user))

    def viewers(self, obj: DossierEntry) -> QuerySet[User]:
        root = obj.customer.root
        given = people_taking_part(TakingPart((*writer_tokens(root.portfolio), f"cap:{PARTS[DOSSIER]}")))
        return viewers_of(root).filter(pk__in=given.order_by().values("pk"))


class PortfolioPolicy(Policy[Portfolio]):
    """Portfolios are seen by whoever sees customers in them; arranged and handed over by the head of the department and those who keep the file."""

    decides_views = True
    actions = {"view": _("see the portfolio"), "change": _("arrange"), "hand_over": _("hand over")}

    def decide(self, user: Any, action: str, obj: Portfolio) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        return _keeps(user, obj)

    def visible(self, user: Any, rows: QuerySet[Portfolio]) -> QuerySet[Portfolio]:
        return rows if has_capability(user, READ_CUSTOMERS) else rows.filter(pk__in=written_portfolios(user).values("pk"))

    def viewers(self, obj: Portfolio) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Portfolio) -> TakingPart:
        return TakingPart(reader_tokens(obj))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        return Q(pk__in=self.visible(user, Portfolio.objects.all()).values("pk"))


def _keeps(user: Any, portfolio: Portfolio) -> Decision:
    heads = portfolio.department_id in standing_of(user).headed_department_ids
    return Decision(heads or has_capability(user, KEEP_CUSTOMERS), KEEPERS_ONLY)


register(Customer, CustomerPolicy)
register(DossierEntry, DossierPolicy)
register(Portfolio, PortfolioPolicy)
