"""Campaigns of care of the demo plant: after a flood half of the customers were called, and aid is set; visits before the feast are promised."""

from datetime import timedelta

from crm.activities.models import CareCase
from crm.activities.services.aid import set_aid
from crm.activities.services.cares import Selection, open_care, take_answer
from crm.customers.demo.busy import busy_holdings
from crm.customers.models import Customer, Portfolio
from portal.accounts.models import User
from portal.organization.demo import Plant
from portal.organization.models import Employment

NEEDS = ("抽水泵一台", "请协助清点受潮卷烟", "货架两组", "", "帮助联系保险理赔")
EACH = 9


def build_cares(plant: Plant) -> None:
    """By the head of the department that has most portfolios."""
    holding = busy_holdings(plant.day)[0]
    post = Employment.objects.heads_of(holding.portfolio.department_id).select_related("person").first()
    if post is None:
        return
    head, codes = post.person, _codes(holding.portfolio)
    care = open_care(
        actor=head,
        name="湘江汛期水灾慰问",
        kind="disaster",
        why="连日暴雨，沿江部分零售户进水，逐户电话摸底，受灾户报批慰问。",
        starts_on=plant.day - timedelta(days=2),
        ends_on=plant.day + timedelta(days=12),
        selection=Selection(codes=codes),
    )
    for case in care.cases.select_related("customer").order_by("pk")[: len(codes) * 2 // 3]:
        _answer(plant, case, User.objects.get(pk=holding.person_id))
    harmed = [one for one in care.cases.order_by("pk") if one.is_harmed]
    if harmed:
        set_aid(care, actor=head, cases=harmed[:2], aid="大米 50 斤、消毒用品一套", fen=46_000)
    open_care(
        actor=head,
        name="重点客户节前走访",
        kind="feast",
        why="节前走访重点客户，了解备货，送节日祝福。",
        starts_on=plant.day,
        ends_on=plant.day + timedelta(days=10),
        selection=Selection(portfolio=holding.portfolio, tier="strategic"),
    )


def _codes(portfolio: Portfolio) -> tuple[str, ...]:
    rows = Customer.objects.unmerged().filter(portfolio=portfolio, kind="retailer", ended_on__isnull=True)
    return tuple(rows.order_by("-code").values_list("code", flat=True)[:EACH])


def _answer(plant: Plant, case: CareCase, caller: User) -> None:
    random = plant.random
    if random.randrange(5) == 0:
        take_answer(case, actor=caller, reached=False)
        return
    stock, shop = random.randrange(2) == 0, random.randrange(3) == 0
    damage = random.randrange(8, 90) * 10_000 if stock or shop else 0
    take_answer(case, actor=caller, reached=True, harmed_stock=stock, harmed_shop=shop, damage=damage, needs=random.choice(NEEDS) if damage else "")
