"""Campaigns of care as tests write them, who may open what of them, and pages to look at."""

from datetime import timedelta
from typing import Any

from crm.activities.models import Care, CareCase
from crm.activities.papers import AID, CODE
from crm.activities.services.aid import ask_for_aid, set_aid
from crm.activities.services.cares import Selection, open_care, take_answer
from crm.customers.models import Customer
from portal.accounts.models import User
from portal.approvals.models import PaperKind
from portal.approvals.services.kinds import publish_kind
from portal.organization.querysets import today
from tests.approvals.writing import make_kind, person, step
from tests.cast import Cast
from tests.crm.writing import fresh
from tests.permissions.rules import DONE, UNSEEN, form, page

CARERS = {"head", "deputy", "admin"}
CALLERS = {"inspector", *CARERS}

CARE_ADDRESSES = [
    form("crm:care_list", CALLERS, outcome=DONE),
    form("crm:care_open", CARERS),
    form("crm:care_detail", CALLERS, "crm_care", refusal=UNSEEN, outcome=200),
    *(form(f"crm:{name}", CARERS, "crm_care", refusal={**UNSEEN, "inspector": 403}) for name in ("care_extend", "care_aid", "care_ask", "care_evaluate")),
    form("crm:care_cases", CALLERS, outcome=DONE),
    page("crm:care_case", CALLERS, "crm_care_case", refusal=UNSEEN),
    *(form(f"crm:{name}", CALLERS, "crm_care_case", refusal=UNSEEN) for name in ("care_answer", "care_given")),
]


def begin_care(actor: User, kind: str = "disaster", days: int = 10, selection: Selection | None = None, **values: Any) -> Care:
    said: dict[str, Any] = {"name": "水灾慰问", "why": "湘江涨水，沿江商户进水", "starts_on": today(), "ends_on": today() + timedelta(days=days)} | values
    return open_care(actor=fresh(actor), kind=kind, selection=selection or Selection(), **said)


def case_of(care: Care, customer: Customer) -> CareCase:
    return care.cases.get(customer=customer)


def harmed(care: Care, customer: Customer, actor: User, damage: int = 320_000, **values: Any) -> CareCase:
    said: dict[str, Any] = {"harmed_stock": True, "needs": "抽水泵一台"} | values
    return take_answer(case_of(care, customer), actor=fresh(actor), reached=True, damage=damage, **said)


def make_aid_kind(cast: Cast) -> PaperKind:
    """The director alone decides on aid."""
    found = PaperKind.objects.filter(code=CODE).first()
    if found is not None:
        return found
    steps = [step("a", person(cast.director))]
    kind = make_kind(*steps, code=CODE, prefix="慰问", fields=AID["fields"], numbered_at="submission")
    return publish_kind(kind, fields=AID["fields"], tables=AID["tables"], steps=steps, actor=None)


def make_cares(cast: Cast, customer: Customer) -> dict[str, Any]:
    care = begin_care(cast.admin, selection=Selection(codes=(customer.code,)))
    return {"crm_care": care.pk, "crm_care_case": case_of(care, customer).pk}


def furnish_cares(cast: Cast, customer: Customer, other: Customer, holder: User) -> list[str]:
    make_aid_kind(cast)
    care = begin_care(cast.admin)
    harmed(care, customer, holder, harmed_shop=True)
    set_aid(care, actor=fresh(cast.admin), cases=[case_of(care, customer)], aid="抽水泵一台、大米 50 斤", fen=180_000)
    ask_for_aid(care, actor=fresh(holder), reason="货架与库存被淹")
    feast = begin_care(cast.admin, kind="feast", name="中秋慰问", why="节日走访重点客户")
    at, case = care.get_absolute_url(), f"/crm/visits/cares/customers/{case_of(care, other).pk}/"
    harmed_one = f"/crm/visits/cares/customers/{case_of(care, customer).pk}/"
    return [
        "/crm/visits/cares/", "/crm/visits/cares/new/", at, f"{at}customers/new/", f"{at}aid/", f"{at}paper/", f"{at}result/",
        "/crm/visits/cares/customers/", harmed_one, case, f"{case}answer/", f"{harmed_one}given/", feast.get_absolute_url(),
    ]  # fmt: skip
