"""Tiers, promises and visits as tests write them."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from crm.activities.models import Promise, PromiseRule
from crm.activities.services.keeping import keep_by_dealing
from crm.activities.services.promising import make_promises
from crm.customers.models import Customer, Dealing, Portfolio, TierDecision, TierSpan
from portal.accounts.models import User
from portal.calendar.queries import read_calendar
from portal.organization.querysets import today
from tests.approvals.writing import approve, make_kind, now, person, step, submit
from tests.cast import Cast

EVER = (date(2020, 1, 1), date(2099, 12, 31))


def decision(cast: Cast) -> TierDecision:
    """What an approved paper decided, for all time."""
    kind = make_kind(step("a", person(cast.director)), code="tiers", prefix="客评", numbered_at="submission")
    paper = submit(kind, cast.operator, title="年度客户分级")
    approve(paper, cast.director)
    return TierDecision.objects.create(paper=now(paper), starts_on=EVER[0], ends_on=EVER[1], made_by=cast.admin)


def put_into_tier(customer: Customer, tier: str, decided: TierDecision, first: date = EVER[0], last: date = EVER[1]) -> TierSpan:
    return TierSpan.objects.create(customer=customer, tier=tier, starts_on=first, ends_on=last, decision=decided)


def promise_all(portfolio: Portfolio, day: date | None = None) -> int:
    return make_promises(portfolio.pk, rules=list(PromiseRule.objects.all()), calendar=read_calendar(), day=day)


def promised(customer: Customer, kind: str = "visit", days: int = 14, starts: int = 0, **values: Any) -> Promise:
    """One from today on, for two weeks."""
    first = today() + timedelta(days=starts)
    last = first + timedelta(days=days - 1)
    return Promise.objects.create(customer=customer, kind=kind, **({"starts_on": first, "ends_on": last, "due_on": last} | values))


def met(customer: Customer, author: User, day: date, kind: str = "visit") -> Dealing:
    """A dealing of a day, and what it keeps."""
    at = timezone.make_aware(datetime.combine(day, time(10)))
    with transaction.atomic():
        made = Dealing.objects.create(customer=customer, kind=kind, text="到店", happened_at=at, author=author)
        keep_by_dealing(made)
    return made
