"""Who sees what is promised to customers and done with them: whoever writes their file.

A campaign of care is its head's, too. A diary is its writer's and that of the heads above.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.activities.models import Care, CareCase, Diary, Promise, Visit
from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Portfolio
from crm.customers.of_portfolio import OfPortfolioPolicy, customers_written_by, rows_of_own, writes_files
from crm.customers.policies import writer_tokens
from portal.access.policies import Decision, Policy, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.rules import person_token
from portal.access.standings import standing_of
from portal.accounts.models import User
from portal.organization.models import Department

works_with_visits, customers_visited_by = writes_files, customers_written_by


class PromisePolicy(OfPortfolioPolicy):
    actions = {"view": _("see the promise"), "change": _("plan it, keep it, say why it was missed")}


class VisitPolicy(OfPortfolioPolicy):
    """Whoever writes the customer's file, and whoever was there."""

    actions = {"view": _("see the visit"), "change": _("work on the visit")}

    def taking_part(self, obj: Any) -> TakingPart:
        return TakingPart((*writer_tokens(self.portfolio(obj)), person_token(obj.person_id)))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        """One after the other, each by its index: an OR over both would read every visit."""
        own, files = Q(person=user.pk), super().rows_of_taking_part(user)
        if files is None or has_capability(user, KEEP_CUSTOMERS):
            return own if files is None else files
        either = Visit.objects.filter(own).order_by().values("pk").union(Visit.objects.filter(files).order_by().values("pk"))
        return Q(pk__in=either)


FOR_OPENERS = _("For heads of departments with portfolios, and those who keep the file.")
FOR_CARERS = _("For the head of the department that opened it, and those who keep the file.")


def cared_portfolios(user: Any) -> QuerySet[Portfolio]:
    """For whose customers this person may open a campaign of care: of departments that they head; all, for those who keep the file."""
    rows = Portfolio.objects.filter(closed_on__isnull=True)
    return rows if has_capability(user, KEEP_CUSTOMERS) else rows.filter(department__in=standing_of(user).headed_department_ids)


def may_open_care(user: Any) -> bool:
    return bool(user.is_employee and cared_portfolios(user).exists())


class CarePolicy(Policy[Care]):
    """The head of the department that opened it runs it. Whoever writes the file of a customer in it sees it, and of it what is theirs."""

    decides_views = True
    actions = {"view": _("see the campaign"), "change": _("run the campaign")}

    def decide(self, user: Any, action: str, obj: Care) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        return Decision(bool(decide_by_taking_part(user, TakingPart(self._carers(obj)))), FOR_CARERS)

    def visible(self, user: Any, rows: QuerySet[Care]) -> QuerySet[Care]:
        return rows.filter(self.rows_of_taking_part(user))

    def viewers(self, obj: Care) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def _carers(self, obj: Care) -> tuple[str, ...]:
        return (f"head:{obj.department_id}", *tokens_of_holders(KEEP_CUSTOMERS))

    def taking_part(self, obj: Care) -> TakingPart:
        portfolios = Portfolio.objects.filter(customers__kin__cares__care=obj).distinct()
        return TakingPart(tuple(dict.fromkeys((*self._carers(obj), *(token for one in portfolios for token in writer_tokens(one))))))

    def rows_of_taking_part(self, user: Any) -> Q:
        own = rows_of_own(user, "customer__root__")
        seen = Q(pk__in=[]) if own is None else Q(pk__in=CareCase.objects.filter(own).values("care"))
        return Q(pk__isnull=False) if has_capability(user, KEEP_CUSTOMERS) else seen | Q(department__in=standing_of(user).headed_department_ids)


class CareCasePolicy(OfPortfolioPolicy):
    actions = {"view": _("see the customer in the campaign"), "change": _("ask the customer, and hand over")}


FOR_HEADS = _("For the heads above whoever wrote it.")
FOR_WRITER = _("Only whoever wrote a diary changes it.")


def may_write_diaries(user: Any) -> bool:
    return works_with_visits(user) or bool(user.is_employee and standing_of(user).headed_department_ids)


def line_of(department: Department) -> list[str]:
    """The tokens of the heads above, the nearest first."""
    return [f"head:{pk}" for pk in (department.pk, *reversed(department.ancestor_ids))]


def departments_below(user: Any) -> QuerySet[Department]:
    """Those that somebody heads, and all below them."""
    below = Q(pk__in=[])
    for path in Department.objects.filter(pk__in=standing_of(user).headed_department_ids).values_list("path", flat=True):
        below |= Q(path__startswith=path)
    return Department.objects.filter(below)


class DiaryPolicy(Policy[Diary]):
    """Whoever wrote it, and whoever heads their department or one above it today. Nobody else, administrators neither."""

    decides_views = True
    may_be_asked = False
    actions = {"view": _("see the diary"), "change": _("change the diary"), "read": _("read it as a head"), "answer": _("answer it")}

    def decide(self, user: Any, action: str, obj: Diary) -> Decision:
        seen = decide_by_taking_part(user, self.taking_part(obj))
        if action in ("view", "answer"):
            return seen
        if action == "change":
            return Decision(bool(seen) and user.pk == obj.person_id, FOR_WRITER)
        return Decision(bool(seen) and user.pk != obj.person_id, FOR_HEADS)

    def visible(self, user: Any, rows: QuerySet[Diary]) -> QuerySet[Diary]:
        return rows.filter(self.rows_of_taking_part(user))

    def viewers(self, obj: Diary) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Diary) -> TakingPart:
        return TakingPart((person_token(obj.person_id), *line_of(obj.department)))

    def rows_of_taking_part(self, user: Any) -> Q:
        standing = standing_of(user)
        own = Q(person=user.pk) if person_token(user.pk) in standing.token_set else Q(pk__in=[])
        return own | Q(department__in=departments_below(user)) if standing.headed_department_ids else own


register(Care, CarePolicy)
register(CareCase, CareCasePolicy)
register(Diary, DiaryPolicy)
register(Promise, PromisePolicy)
register(Visit, VisitPolicy)
