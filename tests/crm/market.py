"""Market reports as tests write them, who may open what of them, and pages to look at."""

from datetime import date, timedelta
from typing import Any

from crm.activities.market_clock import clock_of
from crm.activities.models import MarketCall, MarketReport
from crm.activities.models.market_reports import QUESTIONS
from crm.activities.services.market_reports import call_for_reports, grade_report, hand_in, send_back
from crm.customers.models import Portfolio
from portal.accounts.models import User
from portal.calendar.queries import read_calendar
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.writing import fresh, make_portfolio
from tests.permissions.rules import DONE, UNSEEN, Answers, form, page

MARKET_CALLERS = {"head", "deputy", "curator", "admin"}  # 陈刚 heads the plant
SEERS = {"inspector", *MARKET_CALLERS}
OPENERS = SEERS | {"auditor"}  # 刘洋 heads the workshop, where nobody has a portfolio
SEEN_ONLY: Answers = {**UNSEEN, **dict.fromkeys(SEERS, 403)}

MARKET_ADDRESSES = [
    form("crm:market_report_list", OPENERS, outcome=DONE),
    form("crm:market_call_list", OPENERS, outcome=DONE),
    page("crm:market_figures", OPENERS),
    form("crm:market_call_open", MARKET_CALLERS),
    page("crm:market_call_detail", SEERS, "crm_market_call", refusal=UNSEEN),
    page("crm:market_report_detail", SEERS, "crm_market_report", refusal=UNSEEN),
    form("crm:market_report_write", {"inspector"}, "crm_market_report", refusal=SEEN_ONLY),
    *(form(f"crm:{name}", MARKET_CALLERS, "crm_market_report", refusal=SEEN_ONLY) for name in ("market_report_back", "market_report_grade")),
]


def call(cast: Cast, actor: User | None = None, kind: str = "users", **values: Any) -> MarketCall:
    """Of 销售科, on the last thirty days, due in three."""
    said: dict[str, Any] = {"department": cast.sales, "first_day": today() - timedelta(days=30), "last_day": today(), "due_on": today() + timedelta(days=3)}
    return call_for_reports(actor=fresh(actor or cast.director), kind=kind, **(said | values))


def report_of(made: MarketCall, portfolio: Portfolio) -> MarketReport:
    return MarketReport.objects.select_related("call", "portfolio__department").get(call=made, portfolio=portfolio)


def answers(report: MarketReport, text: str = "典藏走俏，库存两周") -> dict[str, str]:
    return dict.fromkeys(QUESTIONS[report.call.kind], text)


def write(report: MarketReport, actor: User, text: str = "典藏走俏，库存两周") -> MarketReport:
    return hand_in(report, actor=fresh(actor), answers=answers(report, text))


def was_due(made: MarketCall, day: date) -> None:
    """As if it had been due then."""
    earlier = min(made.first_day, day - timedelta(days=30))
    days = {"first_day": earlier, "last_day": day, "due_on": day, **clock_of(read_calendar(), day)}
    MarketCall.objects.filter(pk=made.pk).update(**days)


def make_market(cast: Cast, portfolio: Portfolio) -> dict[str, Any]:
    made = call(cast, cast.admin, department=portfolio.department)
    return {"crm_market_call": made.pk, "crm_market_report": report_of(made, portfolio).pk}


def furnish_market(cast: Cast, portfolio: Portfolio, holder: User) -> list[str]:
    """One that was sent back, one that is graded, and one of another's to be graded."""
    other = make_portfolio(cast, "城东四线", holder=cast.inspector, code="CD4", department=cast.quality)
    users, rivals = call(cast, cast.admin, words="典藏断货后的替代"), call(cast, cast.admin, "rivals")
    theirs = write(report_of(call(cast, cast.admin, department=cast.quality), other), cast.inspector)
    owed = report_of(users, portfolio)
    send_back(write(owed, holder), actor=fresh(cast.director), reason="缺库存数字")
    graded = write(report_of(rivals, portfolio), holder, "湘江加大陈列返利")
    grade_report(graded, actor=fresh(cast.director), accuracy=4, verdict="价格核实无误，促销力度偏乐观")
    at, judged = owed.get_absolute_url(), theirs.get_absolute_url()
    return [
        "/crm/visits/market/", "/crm/visits/market/?state=sent_back&speed=open&filters=all", "/crm/visits/market/figures/", "/crm/visits/market/calls/",
        "/crm/visits/market/calls/new/", users.get_absolute_url(), at, f"{at}answers/", graded.get_absolute_url(), judged, f"{judged}back/", f"{judged}grade/",
    ]  # fmt: skip
