"""Who sees what is promised to customers and done with them: whoever writes their file.

A campaign of care is its head's, too. A diary is its writer's and that of the heads above. A market report is that of whoever holds the portfolio, of its
writer, of the heads above and of those who keep activities.
"""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.activities.capabilities import KEEP_ACTIVITIES
from crm.activities.models import Care, CareCase, Diary, MarketCall, MarketReport, Promise, Visit
from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.models import Portfolio
from crm.customers.of_portfolio import OfPortfolioPolicy, customers_written_by, rows_of_own, writes_files
from crm.customers.policies import held_portfolios, writer_tokens
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


FOR_CALLERS = _("For heads of departments with portfolios, those above, and those who keep the rules of visits.")
FOR_OWERS = _("Only whoever holds the portfolio writes its report, and only its writer changes it.")
FOR_JUDGES = _("For the heads above and those who keep the rules of visits, never for whoever wrote it.")


def works_with_market(user: Any) -> bool:
    return may_write_diaries(user) or bool(user.is_employee and has_capability(user, KEEP_ACTIVITIES))


def callable_departments(user: Any) -> QuerySet[Department]:
    """For which this person may call for market reports: with open portfolios in them or below, of their own or below; all, for those who keep activities."""
    paths = Portfolio.objects.filter(closed_on__isnull=True).order_by().values_list("department__path", flat=True).distinct()
    with_portfolios = Department.objects.filter(pk__in={int(part) for path in paths for part in path.split("/") if part}).order_by("path")
    return with_portfolios if has_capability(user, KEEP_ACTIVITIES) else with_portfolios.filter(pk__in=departments_below(user))


def may_call_for_reports(user: Any) -> bool:
    return bool(user.is_employee and callable_departments(user).exists())


def judge_tokens(department: Department) -> tuple[str, ...]:
    """Whoever holds one of these judges what is written in a department: the heads above, and those who keep activities."""
    return (*line_of(department), *tokens_of_holders(KEEP_ACTIVITIES))


class MarketReportPolicy(Policy[MarketReport]):
    """Whoever holds the portfolio, who wrote it, the heads above today, those who keep activities. Only another than the writer judges."""

    decides_views = True
    may_be_asked = False
    actions = {"view": _("see the report"), "write": _("write the report"), "judge": _("grade the report or send it back")}

    def decide(self, user: Any, action: str, obj: MarketReport) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        if action == "write":
            return Decision(bool(decide_by_taking_part(user, TakingPart((self.owed_by(obj),)))), FOR_OWERS)
        judges = decide_by_taking_part(user, TakingPart(judge_tokens(obj.portfolio.department)))
        return Decision(bool(judges) and user.pk != obj.writer_id, FOR_JUDGES)

    def owed_by(self, obj: MarketReport) -> str:
        """What is open goes with the portfolio; what is handed in keeps its writer."""
        return obj.portfolio.token if obj.writer_id is None else person_token(obj.writer_id)

    def visible(self, user: Any, rows: QuerySet[MarketReport]) -> QuerySet[MarketReport]:
        return rows.filter(self.rows_of_taking_part(user))

    def viewers(self, obj: MarketReport) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: MarketReport) -> TakingPart:
        return TakingPart((obj.portfolio.token, self.owed_by(obj), *judge_tokens(obj.portfolio.department)))

    def rows_of_taking_part(self, user: Any) -> Q:
        if has_capability(user, KEEP_ACTIVITIES):
            return Q(pk__isnull=False)
        standing = standing_of(user)
        own = Q(writer=user.pk) if person_token(user.pk) in standing.token_set else Q(pk__in=[])
        own |= Q(portfolio__in=held_portfolios(user))
        return own | Q(portfolio__department__in=departments_below(user)) if standing.headed_department_ids else own


class MarketCallPolicy(Policy[MarketCall]):
    """The heads of the department for which it was called and those above, those who keep activities; and whoever sees one of its reports."""

    may_be_asked = False
    actions = {"view": _("see the call")}

    def decide(self, user: Any, action: str, obj: MarketCall) -> Decision:
        return decide_by_taking_part(user, self.taking_part(obj))

    def visible(self, user: Any, rows: QuerySet[MarketCall]) -> QuerySet[MarketCall]:
        return rows.filter(self.rows_of_taking_part(user))

    def viewers(self, obj: MarketCall) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: MarketCall) -> TakingPart:
        tokens = list(judge_tokens(obj.department))
        for report in MarketReport.objects.filter(call=obj.pk).select_related("portfolio__department"):
            tokens += MarketReportPolicy().taking_part(report).tokens
        return TakingPart(tuple(dict.fromkeys(tokens)))

    def rows_of_taking_part(self, user: Any) -> Q:
        if has_capability(user, KEEP_ACTIVITIES):
            return Q(pk__isnull=False)
        reports = MarketReport.objects.filter(MarketReportPolicy().rows_of_taking_part(user))
        return Q(pk__in=reports.order_by().values("call")) | Q(department__in=departments_below(user))


register(Care, CarePolicy)
register(CareCase, CareCasePolicy)
register(Diary, DiaryPolicy)
register(MarketCall, MarketCallPolicy)
register(MarketReport, MarketReportPolicy)
register(Promise, PromisePolicy)
register(Visit, VisitPolicy)
