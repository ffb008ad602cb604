"""Within how many hours is answered and solved, by the nearest rule of kind and tier; how objections are graded, and how long their steps may take."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.customers.models.tiers import tier_on
from crm.service.errors import ServiceError
from crm.service.models import Grade, GradeRule, Measured, RequestKind, ResponseRule, Step, StepRule
from crm.service.policies import FOR_RULES, keeps_rules
from portal.audit.services import record
from portal.calendar.clocks import Measure
from portal.organization.querysets import today

USUAL = ResponseRule(answer_hours=8, solve_hours=24)  # where no rule says anything: a day of work, three days
GRADES = (
    (Grade.SERIOUS, Measured.LOSS, 1_000_000),
    (Grade.SERIOUS, Measured.QUANTITY, 50),
    (Grade.SERIOUS, Measured.ACCIDENT, 1),
    (Grade.TYPICAL, Measured.ALIKE, 3),
)
HOURS = {Step.DIAGNOSIS: (24, 8), Step.JUDGEMENT: (72, 24), Step.COMPENSATION: (72, 48), Step.WORD: (72, 48)}


def rule_for(kind: str, customer: Customer | None) -> ResponseRule:
    """Kind and tier before kind before tier before what is for all."""
    tier = tier_on(today(), customer.root_id) if customer is not None else ""
    rules = {(rule.kind, rule.tier): rule for rule in ResponseRule.objects.filter(kind__in=(kind, ""), tier__in=(tier, ""))}
    for key in ((kind, tier), (kind, ""), ("", tier), ("", "")):
        if key in rules:
            return rules[key]
    return USUAL


@transaction.atomic
def set_response_rule(*, actor: Any, kind: str, tier: str, answer_hours: int, solve_hours: int, measure: str = Measure.WORKED) -> ResponseRule:
    """For requests from now on; running clocks keep the hours with which they began."""
    _require(actor)
    if kind and kind not in RequestKind.values:
        raise ServiceError(_("There is no such kind of request."))
    if solve_hours < answer_hours:
        raise ServiceError(
            _("What is to be solved within %(solve)s hours cannot be answered within %(answer)s.") % {"solve": solve_hours, "answer": answer_hours}
        )
    defaults = {"answer_hours": answer_hours, "solve_hours": solve_hours, "measure": str(Measure(measure))}
    row, _made = ResponseRule.objects.update_or_create(kind=kind, tier=tier, defaults=defaults)
    record(actor, "service_rule.set", row, after=defaults)
    return row


@transaction.atomic
def remove_response_rule(rule: ResponseRule, *, actor: Any) -> None:
    _require(actor)
    record(actor, "service_rule.removed", rule, before={"answer_hours": rule.answer_hours, "solve_hours": rule.solve_hours})
    rule.delete()


@transaction.atomic
def set_grade_rule(*, actor: Any, grade: str, measure: str, bound: int) -> GradeRule:
    """From which bound on something is of a grade. What the portal began with stays beside it."""
    _require(actor)
    lay_grades()
    row, _made = GradeRule.objects.update_or_create(grade=Grade(grade), measure=Measured(measure), defaults={"bound": bound})
    record(actor, "service_rule.set", row, after={"bound": bound})
    return row


@transaction.atomic
def set_step_rule(*, actor: Any, step: str, hours: int, serious_hours: int) -> StepRule:
    """For steps that begin from now on."""
    _require(actor)
    row, _made = StepRule.objects.update_or_create(step=Step(step), defaults={"hours": hours, "serious_hours": serious_hours})
    record(actor, "service_rule.set", row, after={"hours": hours, "serious_hours": serious_hours})
    return row


def grade_rules() -> list[GradeRule]:
    """As the plant keeps them; what the portal begins with where it keeps none."""
    return list(GradeRule.objects.all()) or [GradeRule(grade=grade, measure=measure, bound=bound) for grade, measure, bound in GRADES]


def lay_grades() -> None:
    if not GradeRule.objects.exists():
        GradeRule.objects.bulk_create(grade_rules(), ignore_conflicts=True)


def step_rules() -> dict[str, StepRule]:
    """By step: as the plant keeps it, or as the portal begins."""
    kept = {rule.step: rule for rule in StepRule.objects.all()}
    return {str(step): kept.get(step) or StepRule(step=step, hours=hours, serious_hours=serious) for step, (hours, serious) in HOURS.items()}


def _require(actor: Any) -> None:
    if not keeps_rules(actor):
        raise ServiceError(str(FOR_RULES))
