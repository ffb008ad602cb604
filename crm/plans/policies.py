"""Who sees plans, and what was sold against them.

A line is seen by its person, by the head of its department and of those above, and by who keeps plans. What was sold is seen by who answered for it
on that day, by the heads of where it was made, and by whoever writes the customer's file today; the customer's name by the last alone. So whoever
sees a line sees all that is summed beside it.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.customers.of_portfolio import rows_of_own
from crm.customers.policies import writer_tokens
from crm.plans.capabilities import KEEP_PLANS
from crm.plans.models import Place, Plan, PlanLine, Sold
from crm.sales.lists import departments_selling
from crm.sales.policies import works_with_sales
from portal.access.policies import Decision, Policy, decide_by_taking_part, people_taking_part, register
from portal.access.readers import TakingPart
from portal.access.registry import has_capability, tokens_of_holders
from portal.access.standings import standing_of
from portal.accounts.models import User
from portal.organization.models import Department

KEEPERS_ONLY = _("For the head of the department, those above, and those who keep plans.")


def works_with_plans(user: Any) -> bool:
    return user.is_employee and (has_capability(user, KEEP_PLANS) or works_with_sales(user))


def headed_departments(user: Any) -> set[int]:
    """Those that somebody heads today, and all below."""
    headed = standing_of(user).headed_department_ids
    if not headed:
        return set()
    below = Q()
    for path in Department.objects.filter(pk__in=headed).values_list("path", flat=True):
        below |= Q(path__startswith=path)
    return set(Department.objects.filter(below).values_list("pk", flat=True)) if below else set()


def heads(user: Any, department: Department) -> bool:
    return bool({department.pk, *department.ancestor_ids}.intersection(standing_of(user).headed_department_ids))


def keeps(user: Any, department: Department) -> bool:
    """May this person plan for a department?"""
    return user.is_employee and (has_capability(user, KEEP_PLANS) or heads(user, department))


def departments_planned_by(user: Any) -> QuerySet[Department]:
    """Those that sell, of one's own and below; all of them by right."""
    rows = Department.objects.open().filter(pk__in=departments_selling()).order_by("path")
    return rows if has_capability(user, KEEP_PLANS) else rows.filter(pk__in=headed_departments(user))


def places_below(department_id: int) -> list[int]:
    """Where the department was, and what was below it, at any time."""
    return [place.pk for place in Place.objects.all() if department_id in place.department_ids]


def sees_line(user: Any, line: PlanLine) -> bool:
    return (line.person_id == user.pk and line.version.state == "published") or keeps(user, line.department)


class PlanPolicy(Policy[Plan]):
    actions = {"view": _("see the plan"), "keep": _("submit the plan and change it")}

    def decide(self, user: Any, action: str, obj: Plan) -> Decision:
        if action == "view":
            return decide_by_taking_part(user, self.taking_part(obj))
        return Decision(keeps(user, obj.department), KEEPERS_ONLY)

    def visible(self, user: Any, rows: QuerySet[Plan]) -> QuerySet[Plan]:
        taken = self.rows_of_taking_part(user)
        return rows.none() if taken is None else rows.filter(taken)

    def viewers(self, obj: Plan) -> QuerySet[User]:
        return people_taking_part(self.taking_part(obj))

    def taking_part(self, obj: Plan) -> TakingPart:
        lines = PlanLine.objects.filter(version__plan=obj).select_related("department", "version")
        tokens = [*tokens_of_holders(KEEP_PLANS)]
        for line in lines:
            tokens += [f"head:{pk}" for pk in (line.department_id, *line.department.ancestor_ids)]
            if line.person_id is not None and line.version.state == "published":
                tokens.append(f"user:{line.person_id}")
        return TakingPart(tuple(dict.fromkeys(tokens)))

    def rows_of_taking_part(self, user: Any) -> Q | None:
        if has_capability(user, KEEP_PLANS):
            return Q(pk__isnull=False)
        lines = PlanLine.objects.filter(version__plan=OuterRef("pk"))
        return Q(Exists(lines.filter(Q(department__in=headed_departments(user)) | Q(person=user.pk, version__state="published"))))


class SoldPolicy(Policy[Sold]):
    actions = {"view": _("see what was sold")}
    may_be_asked = False

    def decide(self, user: Any, action: str, obj: Sold) -> Decision:
        return Decision(self.visible(user, Sold.objects.filter(pk=obj.pk)).exists(), KEEPERS_ONLY)

    def visible(self, user: Any, rows: QuerySet[Sold]) -> QuerySet[Sold]:
        if has_capability(user, KEEP_PLANS):
            return rows
        seen = Q(person=user.pk)
        own = rows_of_own(user, "customer__root__")
        if own is not None:
            seen |= own
        headed = standing_of(user).headed_department_ids
        if headed:
            seen |= Q(place__in=[place.pk for place in Place.objects.all() if not set(headed).isdisjoint(place.department_ids)])
        return rows.filter(seen)

    def viewers(self, obj: Sold) -> QuerySet[User]:
        above = [f"head:{pk}" for pk in obj.place.department_ids]
        tokens = (*tokens_of_holders(KEEP_PLANS), *above, f"user:{obj.person_id}", *writer_tokens(obj.customer.root.portfolio))
        return people_taking_part(TakingPart(tokens))


register(Plan, PlanPolicy)
register(Sold, SoldPolicy)
