"""Market reports of the demo plant: those on users of last month are in, late or graded; those on rivals of this month are being written."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from crm.activities.market_clock import clock_of
from crm.activities.models import MarketCall, MarketReport
from crm.activities.services.market_reports import call_for_reports, grade_report, hand_in, send_back
from crm.customers.demo.busy import busy_holdings
from crm.customers.models import PortfolioHolding
from portal.accounts.models import User
from portal.calendar.queries import read_calendar
from portal.organization.demo import Plant
from portal.organization.models import Employment

WRITTEN = 8
USERS = {
    "sells": "典藏、软红走得快，周三前后断货；细支新品上柜率约六成，复购一般。礼盒周转慢。",
    "stock": "重点户平均库存九天，城郊户十二天；典藏普遍不足三天。",
    "demands": "希望典藏周投放量增加，新品给一次陈列支持；两户要求改上午送货。",
    "opinions": "对送货准时基本满意；反映价签更换慢，软件订货偶有卡顿。",
    "outlook": "下月进入婚宴季，预计典藏、礼盒需求上升，建议提前备货并先满足重点户。",
}
RIVALS = {
    "moves": "湘江烟草新增一名驻点业务，走访频次由两周一次改为一周一次。",
    "prices": "和天下零售 95 元，软蓝 22 元，与上月持平；印象个别户降到 43 元。",
    "promotions": "湘江陈列返利每组每月 30 元，岳麓买十赠一限软蓝。",
    "strength": "强在返利兑现快、业务员勤；弱在货源不稳，城郊覆盖不足。",
    "outlook": "预计婚宴季继续加码返利，建议对重点户先签陈列协议。",
}
GRADES = ((5, "数字与订货系统一致，判断准。"), (4, "情况属实，库存口径略有出入。"), (3, "客户意见偏笼统，下次写明户名。"))


def build_market(plant: Plant) -> None:
    """By the head of the department that has most portfolios."""
    holding = busy_holdings(plant.day)[0]
    post = Employment.objects.heads_of(holding.portfolio.department_id).select_related("person").first()
    if post is None:
        return
    head, department = post.person, holding.portfolio.department
    last = plant.day.replace(day=1) - timedelta(days=1)
    due, coming = max(last, plant.day - timedelta(days=4)), plant.day + timedelta(days=5)
    users = call_for_reports(
        actor=head, kind="users", department=department, first_day=last.replace(day=1), last_day=last, due_on=coming, words="婚宴季前的备货"
    )
    for place, (report, writer) in enumerate(_owed(plant, users, head)):
        if place % 4 == 3:
            continue
        _handed_in(hand_in(report, actor=writer, answers=USERS), due if place % 3 else min(plant.day, due + timedelta(days=3)))
        if place % 4 != 2:
            accuracy, verdict = GRADES[place % len(GRADES)]
            grade_report(report, actor=head, accuracy=accuracy, verdict=verdict)
    MarketCall.objects.filter(pk=users.pk).update(due_on=due, **clock_of(read_calendar(), due))
    rivals = call_for_reports(actor=head, kind="rivals", department=department, first_day=plant.day.replace(day=1), last_day=plant.day, due_on=coming)
    for place, (report, writer) in enumerate(_owed(plant, rivals, head)[: WRITTEN // 2]):
        hand_in(report, actor=writer, answers=RIVALS)
        if place == 0:
            send_back(report, actor=head, reason="请补写岳麓、云岭的价格，写明在哪几户看到。")


def _owed(plant: Plant, call: MarketCall, head: User) -> list[tuple[MarketReport, User]]:
    """The first ones, with who holds their portfolio; not what the head would grade of their own."""
    holders = {one.portfolio_id: one.person for one in PortfolioHolding.objects.on(plant.day).select_related("person").exclude(person=head)}
    rows = call.reports.select_related("portfolio").order_by("portfolio__code")
    return [(row, holders[row.portfolio_id]) for row in rows if row.portfolio_id in holders][:WRITTEN]


def _handed_in(report: MarketReport, day: date) -> None:
    at = timezone.make_aware(datetime.combine(day, time(16, 30)))
    MarketReport.objects.filter(pk=report.pk).update(handed_in_on=day, handed_in_at=at)
