"""A file as of any moment against a replay: random edits of customers, people, numbers and tiers, each told in plain words beside the database."""

from copy import deepcopy
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.db import connection

from crm.customers.models import Contact, ContactVersion, Customer, CustomerVersion, ReachPoint, ReachPointVersion, TierDecision, TierSpan, TierSpanVersion
from portal.organization.querysets import today
from tests.approvals.writing import approve, make_kind, now, person, step, submit
from tests.cast import Cast
from tests.crm.writing import fresh, make_contact, make_customer

FIELDS = ("name", "stage", "market", "address", "remark", "licence_ends_on", "ended_on")
SPAN = ("tier", "grade", "starts_on", "ends_on")
ASKED = 150  # moments of a history
VERSIONS = ((CustomerVersion, FIELDS), (ContactVersion, ("name", "role", "agreed_until")), (ReachPointVersion, ("shown", "ended_on")), (TierSpanVersion, SPAN))

Told = dict[str, dict[int, dict[str, Any]]]


@pytest.mark.parametrize("edits", [150, pytest.param(5_000, marks=pytest.mark.drill)])
def test_as_of_any_moment_equals_a_replay(cast: Cast, portfolio, edits: int) -> None:
    random, history = Random(11), History(cast, portfolio)
    for _number in range(edits):
        history.edit(random)
    for moment, told in random.sample(history.told, min(ASKED, edits)):
        for versions, fields in VERSIONS:
            known = {version.row: {name: getattr(version, name) for name in fields} for version in versions.objects.at(moment)}
            assert known == told[versions.__name__]
        day = today() + timedelta(days=random.randrange(-300, 300))
        for customer in history.customers:
            spans = TierSpanVersion.objects.at(moment).filter(customer_id=customer.pk, starts_on__lte=day, ends_on__gte=day)
            assert [span.tier for span in spans] == history.tier_on(told, customer.pk, day)


class History:
    """What was written, in dictionaries; the database is asked for nothing but the moment."""

    def __init__(self, cast: Cast, portfolio: Any) -> None:
        self.customers = [make_customer(portfolio, cast.salesperson, f"门店{number}", numbers=[]) for number in range(4)]
        self.contacts = [make_contact(customer, cast.salesperson, numbers=()) for customer in self.customers]
        kind = make_kind(step("a", person(cast.director)), code="tiers", numbered_at="submission")
        paper = submit(kind, fresh(cast.salesperson), title="年度客户分级")
        approve(paper, cast.director)
        self.decision = TierDecision.objects.create(paper=now(paper), starts_on=today(), ends_on=today(), made_by=cast.director)
        self.of_span: dict[int, int] = {}
        self.now: Told = {versions.__name__: {} for versions, _fields in VERSIONS}
        for rows, (versions, fields) in zip((self.customers, self.contacts), VERSIONS, strict=False):
            self.now[versions.__name__] = {row.pk: {name: getattr(row, name) for name in fields} for row in rows}
        self.told: list[tuple[datetime, Told]] = []

    def edit(self, random: Random) -> None:
        """One of what people do to a file, then the moment after it."""
        random.choice([self._customer, self._customer, self._contact, self._number, self._tier])(random)
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            [moment] = cursor.fetchone()
        self.told.append((moment, deepcopy(self.now)))

    def tier_on(self, told: Told, customer: int, day: date) -> list[str]:
        spans = told["TierSpanVersion"].items()
        return [span["tier"] for pk, span in spans if self.of_span[pk] == customer and span["starts_on"] <= day <= span["ends_on"]]

    def _customer(self, random: Random) -> None:
        day = today() + timedelta(days=random.randrange(-30, 30))
        values = {"name": f"门店{random.randrange(99)}", "stage": random.choice(["", "growth", "maturity"]), "market": random.choice(["town", "country"])}
        values |= {
            "address": f"红星路{random.randrange(9)}号",
            "remark": random.choice(["", "周二订货"]),
            "licence_ends_on": day,
            "ended_on": random.choice([None, day]),
        }
        self._change(Customer, CustomerVersion, random.choice(self.customers).pk, {name: values[name] for name in random.sample(FIELDS, 2)})

    def _contact(self, random: Random) -> None:
        value = random.choice([None, today() + timedelta(days=random.randrange(300))])
        self._change(Contact, ContactVersion, random.choice(self.contacts).pk, {"role": random.choice(["店主", "采购"]), "agreed_until": value})

    def _number(self, random: Random) -> None:
        numbers = self.now["ReachPointVersion"]
        if numbers and random.random() < 0.5:
            self._change(ReachPoint, ReachPointVersion, random.choice(sorted(numbers)), {"ended_on": random.choice([None, today()])})
            return
        shown = f"138{random.randrange(10**8):08}"
        made = ReachPoint.objects.create(customer=random.choice(self.customers), shown=shown, normal=shown)
        numbers[made.pk] = {"shown": shown, "ended_on": None}

    def _tier(self, random: Random) -> None:
        """A tier of some weeks where none is; or one that is there is changed, shortened, taken out."""
        spans, customer = self.now["TierSpanVersion"], random.choice(self.customers).pk
        first = today() + timedelta(days=random.randrange(-300, 300))
        last = first + timedelta(days=random.randrange(60))
        taken = [pk for pk, span in spans.items() if self.of_span[pk] == customer and span["starts_on"] <= last and first <= span["ends_on"]]
        if not taken:
            values = {"tier": random.choice(["key", "ordinary"]), "grade": random.randrange(1, 31), "starts_on": first, "ends_on": last}
            made = TierSpan.objects.create(customer_id=customer, decision=self.decision, **values)
            self.of_span[made.pk], spans[made.pk] = customer, values
            return
        pk = taken[0]
        match random.randrange(3):
            case 0:
                self._change(TierSpan, TierSpanVersion, pk, {"tier": random.choice(["strategic", "potential"])})
            case 1:
                self._change(TierSpan, TierSpanVersion, pk, {"ends_on": spans[pk]["starts_on"]})
            case 2:
                TierSpan.objects.filter(pk=pk).delete()
                del spans[pk]

    def _change(self, model: Any, versions: Any, pk: int, values: dict[str, Any]) -> None:
        model.objects.filter(pk=pk).update(**values)
        self.now[versions.__name__][pk] |= values
