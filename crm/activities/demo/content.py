"""Visits and calls of the demo plant: key customers weekly, two weeks of visits behind, four weeks laid ahead."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from crm.activities.demo.cares import build_cares
from crm.activities.demo.market import build_market
from crm.activities.diary_sources import drafted
from crm.activities.models import Contacting, Promise, PromiseRule
from crm.activities.services.diaries import answer_diary, reading_department, write_diary
from crm.activities.services.keeping import agree_on, say_why
from crm.activities.services.planning import lay_visits, working_days
from crm.activities.services.promising import make_promises, settle_promises
from crm.activities.services.visits import take_visit
from crm.activities.windows import week_of
from crm.customers.demo.busy import busy_holdings
from crm.customers.models import Customer, TierDecision, TierSpan
from portal.accounts.models import User
from portal.approvals.models import Paper
from portal.calendar.queries import read_calendar
from portal.organization.demo import Plant, register_content
from portal.organization.models import Employment

KEY, STRATEGIC, MOST, OPEN_MISSED = 10, 2, 12, 7
RESULTS = (
    "陈列已按标准调整。",
    "清点库存，建议补货。",
    "新品上柜两条，观察动销。",
    "价签全部更换。",
    "明码标价合格，亮证经营。",
    "店主出差，与店员交接了资料。",
)
OPINIONS = ("", "", "希望典藏多供一些。", "送货能否提前到上午。", "礼盒周转慢，想少订。", "")
MATERIAL = ("", "新品单页 20 张", "《零售客户报》一份", "")
RIVALS = (("湘江烟草", "和天下", 9_500), ("岳麓卷烟", "软蓝", 2_200), ("云岭集团", "印象", 4_500))
THOUGHTS = (
    ("城南几户反映典藏断货，建议下周多配两件。", ""),
    ("竞品在做陈列返利，终端有动摇，建议跟进陈列费政策。", "收到，周三例会上一并研究，请把竞品返利标准核实清楚。"),
    ("", ""),
)
WHY = ("大雨封路，改下周补访。", "店主外出，电话约好改期。", "车辆检修。")


def build_visits(plant: Plant) -> None:
    """For each portfolio: tiers where a paper decided, promises of two weeks past and four to come, most of the past ones kept."""
    _tiers(plant)
    rules, calendar = list(PromiseRule.objects.all()), read_calendar()
    monday = week_of(plant.day - timedelta(days=14))[0]
    for holding in busy_holdings(plant.day):
        actor = User.objects.get(pk=holding.person_id)
        for day in (monday, plant.day + timedelta(days=1)):
            make_promises(holding.portfolio_id, rules=rules, calendar=calendar, day=day)
        _visited(plant, actor, holding.portfolio_id)
        for customer in Customer.objects.unmerged().filter(portfolio=holding.portfolio_id, ended_on__isnull=True).order_by("-code")[:2]:
            agree_on(customer, actor=actor, kind="visit", day=plant.day + timedelta(days=plant.random.randrange(1, 6)), subject="看新品陈列")
    settle_promises(plant.day)
    build_cares(plant)
    for holding in busy_holdings(plant.day):
        lay_visits(holding.portfolio, first=plant.day, last=plant.day + timedelta(days=35))
        missed = Promise.objects.filter(portfolio=holding.portfolio_id, state=Promise.State.MISSED).order_by("-due_on", "pk")
        for promise in missed[OPEN_MISSED:]:
            say_why(promise, actor=User.objects.get(pk=holding.person_id), reason=plant.random.choice(WHY))
        _diaries(plant, User.objects.get(pk=holding.person_id))
    build_market(plant)


def _diaries(plant: Plant, person: User) -> None:
    """Of the last working days; one asks for an answer, one was answered."""
    days = working_days(plant.day - timedelta(days=5), plant.day - timedelta(days=1))
    for place, day in enumerate(reversed(days)):
        thoughts, answer = THOUGHTS[place % len(THOUGHTS)]
        done = drafted(person, day) or "整理客户资料，电话回访 6 户。"
        diary = write_diary(actor=person, day=day, done=done, thoughts=thoughts, plans="按路线拜访，重点看新品上柜。", asks=place == 0)
        if answer and (head := _head_above(person)) is not None:
            answer_diary(diary, actor=head, text=answer)


def _head_above(person: User) -> User | None:
    department = reading_department(person)
    for pk in () if department is None else (department.pk, *reversed(department.ancestor_ids)):
        post = Employment.objects.heads_of(pk).select_related("person").exclude(person=person.pk).first()
        if post is not None:
            return post.person
    return None


def _tiers(plant: Plant) -> None:
    decided = TierDecision.objects.values("paper")
    paper = Paper.objects.filter(state=Paper.State.APPROVED).exclude(pk__in=decided).order_by("pk").first()
    if paper is None:
        return
    first, last = plant.day - timedelta(days=200), plant.day + timedelta(days=165)
    decision = TierDecision.objects.create(paper=paper, starts_on=first, ends_on=last, made_by=paper.originator)
    spans = []
    for holding in busy_holdings(plant.day):
        rows = Customer.objects.unmerged().filter(portfolio=holding.portfolio_id, kind="retailer", ended_on__isnull=True).order_by("code")
        for place, customer in enumerate(rows[: KEY + STRATEGIC]):
            tier = "strategic" if place < STRATEGIC else "key"
            spans.append(TierSpan(customer=customer, tier=tier, grade=30 - place, starts_on=first, ends_on=last, decision=decision))
    TierSpan.objects.bulk_create(spans, batch_size=500)


def _visited(plant: Plant, actor: User, portfolio_id: int) -> None:
    random = plant.random
    rows = Promise.objects.filter(customer__portfolio=portfolio_id, kind=Contacting.VISIT, starts_on__lt=plant.day, state=Promise.State.OPEN)
    for promise in rows.select_related("customer").order_by("-starts_on", "pk")[:MOST]:
        if random.randrange(6) == 0:
            continue
        day = min(promise.starts_on + timedelta(days=random.randrange(0, 5)), plant.day - timedelta(days=1))
        at = timezone.make_aware(datetime.combine(day, time(random.randrange(8, 17), random.randrange(60))))
        take_visit(
            actor=actor,
            key=uuid4(),
            customer=promise.customer,
            said_at=at,
            purpose=random.choice(("regular", "regular", "launch", "orders")),
            results=random.choice(RESULTS),
            opinions=random.choice(OPINIONS),
            material=random.choice(MATERIAL),
            tags_out=random.choice((0, 0, 6, 12)),
            sheet_out=random.randrange(2) == 0,
            sheet_back=random.randrange(3) == 0,
            rivals=random.sample(RIVALS, random.randrange(3)),
        )


register_content(75, build_visits)
