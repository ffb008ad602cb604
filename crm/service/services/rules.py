"""Within how many hours is answered and solved: the nearest rule of kind and tier."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.customers.models import Customer
from crm.customers.models.tiers import spans_on
from crm.service.errors import ServiceError
from crm.service.models import RequestKind, ResponseRule
from crm.service.policies import FOR_RULES, keeps_rules
from portal.audit.services import record
from portal.calendar.clocks import Measure
from portal.organization.querysets import today

USUAL = ResponseRule(answer_hours=8, solve_hours=24)  # where no rule says anything: a day of work, three days


def rule_for(kind: str, customer: Customer | None) -> ResponseRule:
    """Kind and tier before kind before tier before what is for all."""
    span = spans_on(today()).filter(customer=customer.root_id).first() if customer is not None else None
    tier = span.tier if span is not None else ""
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


def _require(actor: Any) -> None:
    if not keeps_rules(actor):
        raise ServiceError(str(FOR_RULES))
