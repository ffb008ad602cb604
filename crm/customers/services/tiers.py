"""Tiers as a committee decides them: the paper first, then the lists that it decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm.customers.capabilities import KEEP_CUSTOMERS
from crm.customers.errors import CustomersError
from crm.customers.models import Customer, StageTactic, Tier, TierCare, TierDecision, TierSpan
from crm.customers.models.customers import Stage
from crm.customers.policies import KEEPERS_ONLY
from crm.customers.searched import touch_customers
from portal.access.policies import visible_to
from portal.access.registry import has_capability
from portal.approvals.models import Paper
from portal.audit.services import record
from portal.foundation.history import changed_by

MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class TierLine:
    """A customer by number, the tier, and the grade where one was decided."""

    code: str
    tier: str
    grade: int | None


@transaction.atomic
def decide_tiers(*, actor: Any, paper_number: str, starts_on: date, ends_on: date, lines: Sequence[TierLine]) -> TierDecision:
    """Write down what an approved paper decided for a period. An earlier tier ends the day before; what is decided from the same day on stays as it is."""
    _refuse_who_may_not(actor)
    paper = visible_to(Paper, actor).filter(number=paper_number).first()
    if paper is None:
        raise CustomersError(_("There is no paper %(number)s that you may see. Write its number as it stands on the paper.") % {"number": paper_number})
    if paper.state != Paper.State.APPROVED:
        raise CustomersError(_("The paper %(number)s is not approved. Tiers hold once the committee has decided.") % {"number": paper_number})
    if TierDecision.objects.filter(paper=paper).exists():
        raise CustomersError(_("What the paper %(number)s decided is written down already.") % {"number": paper_number})
    if ends_on < starts_on:
        raise CustomersError(_("The last day is before the first. Exchange them."))
    files = _files(lines)
    changed_by(actor, paper_number)
    earlier = TierSpan.objects.select_for_update(of=("self",)).filter(customer__in=files.values(), ends_on__gte=starts_on).select_related("customer")
    for span in earlier.order_by("pk"):
        if span.starts_on >= starts_on:
            words = {"name": span.customer.name, "code": span.customer.code, "day": f"{span.starts_on:%Y-%m-%d}"}
            raise CustomersError(_("%(name)s (%(code)s) has a tier from %(day)s on already; begin on a later day.") % words)
        span.ends_on = starts_on - timedelta(days=1)
        span.save(update_fields=["ends_on"])
    decision = TierDecision.objects.create(paper=paper, starts_on=starts_on, ends_on=ends_on, made_by=actor)
    TierSpan.objects.bulk_create(
        [TierSpan(customer=files[one.code], tier=one.tier, grade=one.grade, starts_on=starts_on, ends_on=ends_on, decision=decision) for one in lines],
        batch_size=1_000,
    )
    record(actor, "customers.tiers_decided", decision, after={"paper": paper_number, "number": len(lines)})
    touch_customers([row.pk for row in files.values()])
    return decision


@transaction.atomic
def describe_tier(*, actor: Any, tier: str, strategy: str, team: str) -> None:
    """How customers of a tier are cared for, and by whom."""
    _refuse_who_may_not(actor)
    row, _made = TierCare.objects.update_or_create(tier=Tier(tier), defaults={"strategy": strategy.strip(), "team": team.strip()})
    record(actor, "customers.tier_described", row, after={"strategy": row.strategy, "team": row.team})


@transaction.atomic
def describe_stage(*, actor: Any, stage: str, text: str) -> None:
    """What is done at customers of a stage of life."""
    _refuse_who_may_not(actor)
    row, _made = StageTactic.objects.update_or_create(stage=Stage(stage), defaults={"text": text.strip()})
    record(actor, "customers.stage_described", row, after={"text": row.text})


def _files(lines: Sequence[TierLine]) -> dict[str, Customer]:
    """The file of each number, of a merged one that into which it went. Each customer once."""
    codes = {one.code for one in lines}
    files = {row.code: row.root for row in Customer.objects.filter(code__in=codes).select_related("root")}
    if strange := sorted(codes - files.keys()):
        shown = _(", ").join(strange[:MOST_TOLD])
        raise CustomersError(_("There is no customer with the number %(codes)s.") % {"codes": shown})
    seen: dict[int, str] = {}
    for one in lines:
        root = files[one.code].pk
        if root in seen:
            raise CustomersError(
                _("%(name)s stands twice in the list: %(one)s and %(other)s.") % {"name": files[one.code].name, "one": seen[root], "other": one.code}
            )
        seen[root] = one.code
    return files


def _refuse_who_may_not(actor: Any) -> None:
    if not has_capability(actor, KEEP_CUSTOMERS):
        raise CustomersError(str(KEEPERS_ONLY))
