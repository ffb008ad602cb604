"""A plan is begun, split down line by line, revised as a new version, and explained where it was not met. Whoever writes takes its version's row first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.catalogue.models import Brand, Product
from crm.customers.models import Portfolio
from crm.plans.errors import PlansError, SplitMeanwhileError
from crm.plans.models import Deviation, Plan, PlanLine, PlanVersion
from crm.plans.models.plans import MOST, Measure, Period, last_day
from crm.plans.policies import KEEPERS_ONLY, keeps, sees_line
from crm.plans.units import products_of, say_amount
from portal.access.policies import decide
from portal.accounts.models import User
from portal.audit.services import record
from portal.foundation.locking import lock_row
from portal.organization.models import Department
from portal.organization.querysets import today

EARLIEST, LATEST = 2000, 10  # the first year, and how many years ahead
MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Part:
    """What a department or a person below gets, by which weight."""

    department: Department
    person: User | None
    amount: int
    weight: int = 0


@transaction.atomic
def begin_plan(
    *,
    actor: Any,
    department: Department,
    period: str,
    day: date,
    measure: str,
    amount: int,
    reason: str,
    brand: Brand | None = None,
    product: Product | None = None,
    portfolio: Portfolio | None = None,
) -> Plan:
    """Its first version, a draft with one line. `day` is any day of the period."""
    if not keeps(actor, department):
        raise PlansError(str(KEEPERS_ONLY))
    if not EARLIEST <= day.year <= today().year + LATEST:
        raise PlansError(_("A plan for %(year)s? Check the year.") % {"year": day.year})
    if not Portfolio.objects.filter(department__path__startswith=department.path).exists():
        raise PlansError(_("Nobody sells in %(department)s: there is no portfolio of customers in it or below.") % {"department": department.label})
    if brand is not None and product is not None:
        raise PlansError(_("Name a product or a class, not both."))
    if portfolio is not None and not portfolio.department.path.startswith(department.path):
        raise PlansError(_("The district %(name)s is not below %(department)s.") % {"name": portfolio.name, "department": department.label})
    starts_on = _first_day(day, period)
    kind: dict[str, Any] = {"period": period, "starts_on": starts_on, "measure": measure, "department": department}
    kind |= {"brand": brand, "product": product, "portfolio": portfolio}
    plan = Plan(**kind, ends_on=last_day(starts_on, period), made_by=actor)
    _check_amount(plan, amount)
    _refuse_mixed_units(plan)
    if (there := Plan.objects.filter(**kind).first()) is not None:
        raise PlansError(_("There is a plan for this already: %(plan)s. Make a new version of it.") % {"plan": there})
    plan.save()
    version = PlanVersion.objects.create(plan=plan, number=1, reason=reason.strip()[:200], author=actor)
    PlanLine.objects.create(version=version, department=department, amount=amount)
    record(actor, "plan.begun", plan, after={"amount": amount})
    return plan


@transaction.atomic
def split_line(line: PlanLine, *, actor: Any, seen: str, held_back: int, parts: Sequence[Part], by: str = PlanLine.By.HAND) -> PlanLine:
    """Set the parts below a line. `seen` is the state of it that the actor saw: where somebody has written it since, it is said what is there now."""
    version = _lock_draft(line.version, actor)
    held = PlanLine.objects.select_related("department", "version__plan").get(pk=line.pk)
    if held.person_id is not None or not keeps(actor, held.department):
        raise PlansError(str(KEEPERS_ONLY))
    there = list(held.parts.select_related("department", "person"))
    if seen != state_of(held, there):
        raise SplitMeanwhileError(_meanwhile(held, there), state_of(held, there))
    _check_parts(held, held_back, parts)
    kept = {(one.department_id, one.person_id): one for one in there}
    for part in parts:
        key = (part.department.pk, part.person.pk if part.person is not None else None)
        row = kept.pop(key, None) or PlanLine(version=version, parent=held, department=part.department, person=part.person)
        row.amount, row.weight = part.amount, part.weight
        row.held_back = min(row.held_back, row.amount)
        row.save()
    for gone in kept.values():
        _remove(gone)
    held.held_back, held.split_by = (held_back if parts else 0), by if parts else ""
    held.save()
    record(actor, "plan.split", version.plan, after={"line": held.label, "parts": len(parts), "held_back": held_back})
    return held


@transaction.atomic
def set_amount(version: PlanVersion, *, actor: Any, amount: int) -> PlanVersion:
    """What the whole has to bring, while it is a draft."""
    held = _lock_draft(version, actor)
    if not keeps(actor, held.plan.department):
        raise PlansError(str(KEEPERS_ONLY))
    _check_amount(held.plan, amount)
    top = held.lines.get(parent__isnull=True)
    if top.held_back > amount:
        raise PlansError(_("More is held back than that. Split the plan anew first."))
    top.amount = amount
    top.save()
    return held


@transaction.atomic
def revise_plan(plan: Plan, *, actor: Any, reason: str) -> PlanVersion:
    """The next version, a draft as the newest one in force, or the one that was refused."""
    held = lock_row(Plan.objects.select_related("department"), plan.pk, no_key=True)
    decision = decide(actor, "keep", held)
    if not decision:
        raise PlansError(str(decision.rule))
    if not reason.strip():
        raise PlansError(_("Say why there is a new version."))
    newest = held.versions.order_by("-number")[0]
    if newest.state in (PlanVersion.State.DRAFT, PlanVersion.State.ASKED):
        raise PlansError(_("Version %(number)s is not decided yet. Change that one.") % {"number": newest.number})
    made = PlanVersion.objects.create(plan=held, number=newest.number + 1, reason=reason.strip()[:200], author=actor)
    copies: dict[int, PlanLine] = {}
    for line in newest.lines.order_by("pk"):
        parent = copies[line.parent_id] if line.parent_id is not None else None
        copy = PlanLine(version=made, parent=parent, department_id=line.department_id, person_id=line.person_id)
        copy.amount, copy.held_back, copy.weight, copy.split_by = line.amount, line.held_back, line.weight, line.split_by
        copy.save()
        copies[line.pk] = copy
    record(actor, "plan.revised", held, after={"version": made.number}, reason=reason)
    return made


@transaction.atomic
def explain_deviation(line: PlanLine, *, actor: Any, on: date, actual: int, reason: str, measure: str = "") -> Deviation:
    """Why somebody is off the plan, by themselves or by their head."""
    if not sees_line(actor, line):
        raise PlansError(str(KEEPERS_ONLY))
    if not reason.strip():
        raise PlansError(_("Say why."))
    made = Deviation.objects.create(
        plan=line.version.plan,
        department=line.department,
        person=line.person,
        on=on,
        planned=line.amount,
        actual=actual,
        reason=reason.strip()[:500],
        measure=measure.strip()[:500],
        author=actor,
    )
    record(actor, "plan.explained", line.version.plan, after={"line": line.label, "on": on.isoformat()})
    return made


def state_of(line: PlanLine, parts: Sequence[PlanLine]) -> str:
    """What a line and its parts say, as a page carries it."""
    said = [f"{one.department_id}.{one.person_id}={one.amount}" for one in sorted(parts, key=lambda one: one.pk)]
    return sha256(f"{line.amount} {line.held_back} {said}".encode()).hexdigest()[:16]


def not_adding_up(version: PlanVersion) -> list[PlanLine]:
    """Lines whose parts and what is held back are not their amount."""
    lines = list(version.lines.select_related("department", "person"))
    below: dict[int, int] = {}
    for line in lines:
        if line.parent_id is not None:
            below[line.parent_id] = below.get(line.parent_id, 0) + line.amount
    return [line for line in lines if line.pk in below and below[line.pk] + line.held_back != line.amount]


def _first_day(day: date, period: str) -> date:
    if period not in Period.values:
        raise PlansError(_("A plan is for a year, a quarter or a month."))
    if period == Period.YEAR:
        return date(day.year, 1, 1)
    return date(day.year, day.month - (day.month - 1) % 3 if period == Period.QUARTER else day.month, 1)


def _check_amount(plan: Plan, amount: int) -> None:
    if plan.measure not in Measure.values:
        raise PlansError(_("There is no such measure."))
    if not 1 <= amount <= MOST:
        raise PlansError(_("A plan of nought is none. Write what is to be sold."))
    if amount % plan.step:
        raise PlansError(_("A plan is of whole yuan."))


def _refuse_mixed_units(plan: Plan) -> None:
    if plan.measure != Measure.QUANTITY:
        return
    products = products_of(plan)
    if not products:
        raise PlansError(_("A quantity is planned of a product or of a class. Name one."))
    if len({(one.base, one.sticks) for one in products}) > 1:
        raise PlansError(_("The products of this class are counted in different units. Plan them apart, or plan money."))


def _lock_draft(version: PlanVersion, actor: Any) -> PlanVersion:
    held = lock_row(PlanVersion.objects.select_related("plan__department", "plan__brand", "plan__product"), version.pk, no_key=True)
    if held.state != PlanVersion.State.DRAFT:
        raise PlansError(_("Version %(number)s is no draft any more. Make a new version.") % {"number": held.number})
    return held


def _check_parts(line: PlanLine, held_back: int, parts: Sequence[Part]) -> None:
    plan = line.version.plan
    if len(parts) > MOST_PARTS:
        raise PlansError(_("No more than %(number)s parts.") % {"number": MOST_PARTS})
    if any(part.amount < 0 or part.amount % plan.step for part in parts) or held_back < 0 or held_back % plan.step:
        raise PlansError(_("Parts are whole and not below nought."))
    for part in parts:
        fits = part.department.pk == line.department_id if part.person is not None else part.department.parent_id == line.department_id
        if not fits:
            raise PlansError(_("%(name)s is not directly below %(line)s.") % {"name": part.person or part.department, "line": line.label})
    off = sum(part.amount for part in parts) + held_back - line.amount
    if parts and off:
        words = {"whole": say_amount(plan, line.amount), "off": say_amount(plan, abs(off))}
        if off > 0:
            raise PlansError(_("The parts and what is held back are %(off)s more than the plan of %(whole)s. Take that much off.") % words)
        raise PlansError(_("%(off)s of the plan of %(whole)s are given to nobody. Give them to somebody or hold them back.") % words)


def _meanwhile(line: PlanLine, there: Sequence[PlanLine]) -> str:
    parts = "、".join(f"{one.label} {say_amount(line.version.plan, one.amount)}" for one in there) or _("nothing")
    return _("Somebody changed the plan while you wrote. Now there is: %(parts)s. Save again if yours is to stand.") % {"parts": parts}


def _remove(line: PlanLine) -> None:
    for part in line.parts.all():
        _remove(part)
    line.delete()
