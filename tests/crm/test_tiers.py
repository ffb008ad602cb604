"""Tiers hold from a day to a day, by a paper that was approved."""

from datetime import timedelta

import pytest

from crm.customers.errors import CustomersError
from crm.customers.models import Customer, Portfolio, Tier, TierDecision, TierSpan
from crm.customers.reading import read_file
from crm.customers.services.tiers import TierLine, decide_tiers, describe_tier
from portal.accounts.models import User
from portal.approvals.models import Paper
from portal.organization.querysets import today
from tests.approvals.writing import approve, make_kind, now, person, step, submit
from tests.cast import Cast
from tests.crm.writing import fresh, let_keep, make_customer

YEAR = timedelta(days=365)


@pytest.fixture
def keeper(cast: Cast) -> User:
    return let_keep(cast.operator, cast.admin)


@pytest.fixture
def paper(cast: Cast, keeper: User) -> Paper:
    """Approved by the director."""
    kind = make_kind(step("a", person(cast.director)), code="tiers", prefix="客评", numbered_at="submission")
    paper = submit(kind, keeper, title="年度客户分级")
    approve(paper, cast.director)
    return now(paper)


def decide(paper: Paper, actor: User, *lines: TierLine, starts: int = 0) -> TierDecision:
    day = today() + timedelta(days=starts)
    return decide_tiers(actor=actor, paper_number=paper.number, starts_on=day, ends_on=day + YEAR, lines=lines)


def test_what_the_committee_decided_stands_on_every_surface_for_its_period(client_for, cast: Cast, portfolio: Portfolio, customer, keeper, paper) -> None:
    client, own = client_for(keeper), client_for(cast.salesperson)
    other = make_customer(portfolio, cast.salesperson, "南门口惠民便利店")
    lines = f"{customer.code}\t战略\t28档\n{other.code}，普通，12"
    form = {"paper_number": paper.number, "starts_on": f"{today():%Y-%m-%d}", "ends_on": f"{today() + YEAR:%Y-%m-%d}"}
    for wrong in (f"{customer.code}\t大客户", f"{customer.code}\t战略\t31", "X1\t战略\t3", f"{customer.code}\t战略\n{customer.code}\t普通"):
        answer = client.post("/crm/tiers/decisions/new/", form | {"lines": wrong})
        assert answer.status_code == 422, wrong
        assert wrong.split()[0] in answer.content.decode(), "what was typed stays"
    assert client.post("/crm/tiers/decisions/new/", form | {"lines": lines}).status_code == 302
    assert client.post("/crm/tiers/strategic/", {"strategy": "每周走访", "team": "李敏、孙丽"}).status_code == 302
    page = own.get(customer.get_absolute_url()).content.decode()
    assert all(words in page for words in ("战略", "28", "每周走访", paper.number))
    assert [row.pk for row in own.get("/crm/customers/?tier=strategic").context["page"].rows] == [customer.pk]
    assert [row.pk for row in own.get("/crm/customers/?tier=none").context["page"].rows] == []
    assert paper.number in own.get("/crm/tiers/").content.decode()
    assert own.get("/crm/tiers/decisions/new/").status_code == 403
    assert client_for(cast.inspector).get("/crm/tiers/").status_code == 403


def test_a_later_decision_ends_the_earlier_one_and_each_day_has_its_tier(cast: Cast, customer: Customer, keeper: User, paper: Paper) -> None:
    decide(paper, keeper, TierLine(customer.code, "ordinary", 12))
    kind = make_kind(step("a", person(cast.director)), code="next", prefix="客评二", numbered_at="submission")
    second = submit(kind, keeper, title="半年调整")
    with pytest.raises(CustomersError, match=second.number):
        decide(second, keeper, TierLine(customer.code, "key", 20), starts=10)
    approve(second, cast.director)
    decide(second, keeper, TierLine(customer.code, "key", 20), starts=10)
    spans = TierSpan.objects.filter(customer=customer).order_by("starts_on")
    assert [(span.tier, (span.ends_on - today()).days) for span in spans] == [("ordinary", 9), ("key", 375)]
    file = read_file(customer, fresh(cast.salesperson))
    assert file is not None
    assert file.tier is not None
    assert (file.tier.tier, file.tier.grade) == ("ordinary", 12)


@pytest.mark.parametrize("case", ["stranger", "unknown", "again", "overlap", "twice"])
def test_what_cannot_be_decided_is_refused_with_a_sentence(cast: Cast, customer: Customer, keeper: User, paper: Paper, case: str) -> None:
    line = TierLine(customer.code, "key", None)
    if case in ("again", "overlap"):
        decide(paper, keeper, line)
    if case == "overlap":
        kind = make_kind(step("a", person(cast.director)), code="next", prefix="客评二", numbered_at="submission")
        paper = submit(kind, keeper, title="又一次")
        approve(paper, cast.director)
        paper = now(paper)
    if case == "unknown":
        line = TierLine("X1", "key", None)
    with pytest.raises(CustomersError):
        decide(paper, fresh(cast.salesperson) if case == "stranger" else keeper, *[line] * (1 + (case == "twice")))
    assert TierSpan.objects.count() == (case in ("again", "overlap"))


def test_tiers_of_a_paper_that_is_void_hold_no_more(client_for, cast: Cast, customer: Customer, keeper: User, paper: Paper) -> None:
    decide(paper, keeper, TierLine(customer.code, "key", None))
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.VOID)
    file = read_file(customer, keeper)
    assert file is not None
    assert file.tier is None
    assert client_for(keeper).get("/crm/customers/?tier=key").context["page"].rows == []


def test_care_for_a_tier_is_written_by_those_who_keep_the_file(cast: Cast, keeper: User) -> None:
    describe_tier(actor=keeper, tier=Tier.KEY, strategy="每月走访", team="孙丽")
    with pytest.raises(CustomersError):
        describe_tier(actor=fresh(cast.salesperson), tier=Tier.KEY, strategy="", team="")
