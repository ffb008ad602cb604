"""Who may be given a part of a line, by which weight, and how much that comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from crm.customers.models import PortfolioHolding
from crm.plans.actual import Ledger, year_before
from crm.plans.errors import PlansError
from crm.plans.models import PlanLine
from crm.plans.splitting import divide
from portal.accounts.models import User
from portal.organization.models import Department
from portal.organization.querysets import today


@dataclass(frozen=True, slots=True)
class Candidate:
    """A department directly below, or somebody who holds a portfolio of the department itself."""

    department: Department
    person: User | None
    sold: int
    heads: int
    weight: int = 0
    amount: int = 0

    @property
    def key(self) -> str:
        return f"p{self.person.pk}" if self.person is not None else f"d{self.department.pk}"

    @property
    def label(self) -> str:
        return self.person.name if self.person is not None else self.department.label


def candidates_of(line: PlanLine, user: Any) -> list[Candidate]:
    """With what each sold in the same days of last year, what they were given so far, and how many people they are."""
    plan, own = line.version.plan, line.department
    holdings = PortfolioHolding.objects.on(today()).filter(portfolio__department__path__startswith=own.path)
    sellers: dict[int, set[int]] = {}
    for person, path in holdings.values_list("person", "portfolio__department__path"):
        for part in path.split("/"):
            if part:
                sellers.setdefault(int(part), set()).add(person)
    given = {(one.department_id, one.person_id): one for one in line.parts.all()}
    sold = Ledger(plan, user).sums(year_before(plan.starts_on), year_before(plan.ends_on))
    found = []
    for department in Department.objects.filter(parent=own).order_by("order", "name_pinyin", "pk"):
        if sellers.get(department.pk) or (department.pk, None) in given:
            of = max(0, sum(sold.get(department.pk, {}).values()))
            found.append(_with(given, Candidate(department, None, of, len(sellers.get(department.pk, ())))))
    people = set(holdings.filter(portfolio__department=own).values_list("person", flat=True)) | {pk for _own, pk in given if pk is not None}
    for person in User.objects.filter(pk__in=people).order_by("name", "pk"):
        found.append(_with(given, Candidate(own, person, max(0, sold.get(own.pk, {}).get(person.pk, 0)), 1)))
    return found


def _with(given: Mapping[tuple[int, int | None], PlanLine], one: Candidate) -> Candidate:
    line = given.get((one.department.pk, one.person.pk if one.person is not None else None))
    return replace(one, weight=line.weight, amount=line.amount) if line is not None else one


def propose(line: PlanLine, candidates: list[Candidate], *, by: str, held_back: int, weights: Mapping[str, int]) -> list[Candidate]:
    """What is not held back, in whole yuan or units, by Sainte-Laguë."""
    step = line.version.plan.step
    if held_back > line.amount:
        raise PlansError(_("More is held back than there is."))
    used = [_weight(one, by, weights) for one in candidates]
    if not any(used):
        if by == PlanLine.By.SOLD:
            raise PlansError(_("Nothing was sold in these days of last year. Split by people, in equal parts or by hand."))
        raise PlansError(_("All weights are nought. Write at least one."))
    amounts = divide((line.amount - held_back) // step, used)
    return [replace(one, weight=weight, amount=amount * step) for one, weight, amount in zip(candidates, used, amounts, strict=True)]


def _weight(one: Candidate, by: str, weights: Mapping[str, int]) -> int:
    match by:
        case PlanLine.By.SOLD:
            return one.sold
        case PlanLine.By.HEADS:
            return one.heads
        case PlanLine.By.HAND:
            return weights.get(one.key, 0)
    return 1
