"""Who may open what of visits and calls, a thing for each address to be about, and pages to look at."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from crm.activities.capabilities import KEEP_ACTIVITIES
from crm.activities.models import Laying
from crm.activities.services.diaries import answer_diary, write_diary
from crm.activities.services.keeping import agree_on
from crm.activities.services.promising import settle_promises
from crm.activities.services.visits import take_visit
from crm.customers.models import Customer, Portfolio
from portal.accounts.models import User
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.caring import CARE_ADDRESSES, furnish_cares, make_cares
from tests.crm.goods import let
from tests.crm.market import MARKET_ADDRESSES, furnish_market, make_market
from tests.crm.visiting import met, promised
from tests.crm.writing import fresh
from tests.permissions.roles import ADMINISTRATORS
from tests.permissions.rules import DONE, UNSEEN, act, form, page

KEEPERS = {"head", "deputy", "admin"}
WRITERS = {"inspector", *KEEPERS}
HEADS = {"head", "deputy", "curator"}  # above whoever wrote the diary; 陈刚 heads the plant
ANY_HEADS = HEADS | {"auditor"}  # 刘洋 heads the workshop
LINE = {"inspector", *HEADS}

VISIT_ADDRESSES = [
    *CARE_ADDRESSES,
    *MARKET_ADDRESSES,
    page("crm:visit_week", WRITERS),
    form("crm:visit_list", WRITERS, outcome=DONE),
    form("crm:visit_write", WRITERS),
    page("crm:visit_detail", WRITERS, "crm_visit", refusal=UNSEEN),
    form("crm:promise_list", WRITERS, outcome=DONE),
    form("crm:promise_agree", WRITERS),
    page("crm:promise_detail", WRITERS, "crm_promised", refusal=UNSEEN),
    *(form(f"crm:{name}", WRITERS, "crm_promised", refusal=UNSEEN) for name in ("promise_plan", "promise_explain", "promise_excuse")),
    page("crm:rule_list", ADMINISTRATORS),
    form("crm:rule_set", ADMINISTRATORS),
    form("crm:month_lay", KEEPERS),
    page("crm:laying_detail", ADMINISTRATORS, "crm_laying", refusal=UNSEEN),
    *(form(f"crm:{name}", WRITERS, "crm_portfolio", refusal=UNSEEN) for name in ("measure_update", "line_update", "promises_explain")),
    form("crm:known_measures", WRITERS, outcome=200),
    act("crm:visit_hand_on", WRITERS, "crm_visit", refusal=UNSEEN),
    form("crm:diary_list", WRITERS | ANY_HEADS, outcome=DONE),
    form("crm:diary_write", WRITERS | ANY_HEADS),
    page("crm:diary_writers", ANY_HEADS),
    page("crm:diary_detail", LINE, "crm_diary", refusal=UNSEEN),
    form("crm:diary_answer", LINE, "crm_diary", refusal=UNSEEN),
    act("crm:diary_read", HEADS, "crm_diary", refusal={**UNSEEN, "inspector": 403}),
]


def make_visits(cast: Cast, customer: Customer) -> dict[str, Any]:
    visit = take_visit(actor=fresh(cast.inspector), key=uuid4(), customer=customer, said_at=timezone.now(), results="陈列已调整")
    return (
        make_cares(cast, customer)
        | make_market(cast, customer.portfolio)
        | {
            "crm_visit": visit.visit.pk,
            "crm_diary": write_diary(actor=fresh(cast.inspector), day=today(), done="拜访 12 户").pk,
            "crm_promised": promised(customer).pk,
            "crm_laying": Laying.objects.create(month=today().replace(day=1), begun_by=cast.admin, total=3, done=1).pk,
        }
    )


def furnish_visits(cast: Cast, portfolio: Portfolio, customer: Customer, other: Customer, holder: User) -> list[str]:
    """A week with what is kept, what is to come, what was missed."""
    let(holder, KEEP_ACTIVITIES, cast.admin)
    promised(customer, planned_on=today())
    promised(other, starts=-3, days=10, planned_on=today() - timedelta(days=1))
    met(other, holder, today() - timedelta(days=1))
    promised(other, "call", days=3)
    promised(other, starts=1, days=1, due_on=today() + timedelta(days=1))
    missed = promised(customer, starts=-12, days=7)
    agreed = agree_on(customer, actor=fresh(holder), kind="visit", day=today() + timedelta(days=2), subject="看新陈列")
    settle_promises()
    said = {"said_at": timezone.now() - timedelta(days=2), "device_now": timezone.now() - timedelta(days=2), "rivals": [("湘江烟草", "和天下", 9_500)]}
    visit = take_visit(actor=fresh(holder), key=uuid4(), customer=customer, results="陈列已调整", opinions="希望多供典藏", tags_out=12, **said).visit
    laying = Laying.objects.create(month=today().replace(day=1), begun_by=holder, total=3, done=3, unfit=2, ended_at=customer.created_at)
    diary = write_diary(actor=fresh(holder), day=today(), done="拜访 12 户", thoughts="典藏断货，意见较大", asks=True)
    write_diary(actor=fresh(holder), day=today(), done="拜访 13 户", thoughts="典藏断货，意见较大", plans="走城北一线", asks=True)
    answer_diary(diary, actor=fresh(cast.director), text="已请生产安排")
    at, of = f"/crm/visits/promises/{missed.pk}/", f"/crm/portfolios/{portfolio.pk}/"
    cares = furnish_cares(cast, customer, other, holder)
    market = furnish_market(cast, portfolio, holder)
    return [
        *cares, *market,
        "/crm/visits/", "/crm/visits/promises/", "/crm/visits/promises/new/", at, f"{at}why/", f"{at}excuse/", f"/crm/visits/promises/{agreed.pk}/day/",
        "/crm/visits/rules/", "/crm/visits/rules/set/?tier=key&kind=visit", "/crm/visits/months/new/", f"/crm/visits/months/{laying.pk}/",
        "/crm/visits/all/", "/crm/visits/new/", visit.get_absolute_url(),
        f"{of}measure/", f"{of}line/", f"{of}missed/", "/crm/visits/diaries/", "/crm/visits/diaries/new/?day=" + str(today() - timedelta(days=1)),
        diary.get_absolute_url(), "/crm/visits/measures/", "/crm/visits/measures/?by=department&of=result",
    ]  # fmt: skip
