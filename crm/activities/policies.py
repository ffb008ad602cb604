"""Who sees what is promised to customers and done with them: whoever writes their file. A diary is its writer's and that of the heads above."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.activities.models import Diary, Promise, Visit
from crm.customers.of_portfolio import OfPortfolioPolicy, customers_written_by, writes_files
from crm.customers.policies import writer_tokens
from portal.access.policies import Decision, Policy, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
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
        own, files = Q(person=user.pk), super().rows_of_taking_part(user)
        return own if files is None else own | files


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


register(Diary, DiaryPolicy)
register(Promise, PromisePolicy)
register(Visit, VisitPolicy)
