"""Marketing of the demo plant: a campaign that was judged, one that runs, one that is planned, a launch; rivals with what is known of them."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from crm.catalogue.models import Product
from crm.customers.models import PortfolioHolding
from crm.marketing.demo.channel import build_channel
from crm.marketing.demo.launches import build_launch
from crm.marketing.demo.meetings import build_meetings
from crm.marketing.errors import MarketingError
from crm.marketing.models import Campaign, CampaignTarget
from crm.marketing.services.campaigns import add_task, finish_task, plan_campaign, start_campaign, tie_expense
from crm.marketing.services.rivals import note_fact, note_rival, note_rival_product
from crm.sales.models import Expense
from portal.access.models import Audience, CapabilityGrant
from portal.access.rules import AudienceRule, person_token
from portal.access.services import refresh_people
from portal.accounts.models import User
from portal.organization.demo import Plant, register_content

RIVALS = (
    (
        "湘江烟草",
        "湘烟",
        "湖南",
        (("和天下", "1"), ("芙蓉", "3")),
        (("strength", "高端礼品烟认可度高，终端形象投入大。"), ("price", "陈列返利每条 5 元，季度兑现。")),
    ),
    ("岳麓卷烟", "岳麓", "湖南", (("软蓝", "3"),), (("weakness", "断货较多，送货隔周一次。"), ("strategy", "主攻乡镇三类烟，给店主送促销品。"))),
    ("云岭集团", "云岭", "云南", (("印象", "2"),), (("launch", "下季度将推中支新品。"),)),
)
JUDGEMENT = "礼盒上柜率由四成提到七成，对象订货明显多于对照；陈列费偏高，下次按实际陈列天数兑现。"


def build_marketing(plant: Plant) -> None:
    """The account manager of the cast answers for what runs; the head of Sales works in marketing."""
    head = plant.heads.get("SAL")
    admin = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    if admin is None:
        return
    if head is not None:
        CapabilityGrant.objects.create(capability="marketing.keep", audience=Audience.objects.for_rule(AudienceRule.of([person_token(head.pk)])))
        refresh_people(None)
    keeper = User.objects.get(pk=head.pk) if head is not None else admin
    holding = PortfolioHolding.objects.on(plant.day).select_related("person").order_by("portfolio__code").first()
    seller = plant.cast.get("seller") or (holding.person if holding is not None else None)
    _rivals(plant, admin)
    build_channel(plant, keeper)
    if seller is not None:
        _campaigns(plant, admin, keeper, User.objects.get(pk=seller.pk))
        build_meetings(plant, keeper, User.objects.get(pk=seller.pk))
        build_launch(plant, User.objects.get(pk=seller.pk), keeper)


def _rivals(plant: Plant, actor: User) -> None:
    for name, other, region, products, facts in RIVALS:
        rival = note_rival(actor=actor, name=name, other_names=[other], region=region)
        for product, price_class in products:
            note_rival_product(rival, actor=actor, name=product, price_class=price_class)
        for number, (kind, text) in enumerate(facts):
            day = plant.day - timedelta(days=20 + 30 * number)
            note_fact(rival, actor=actor, kind=kind, text=text, source="片区拜访、零售户反映", learnt_on=day)


def _campaigns(plant: Plant, actor: User, keeper: User, seller: User) -> None:
    products = list(Product.objects.filter(ended_on__isnull=True).order_by("code")[:3])
    if not products:
        return
    usual: dict[str, Any] = {"products": products, "owner": seller, "held_out": 25, "question": "kind=retailer"}
    running = plan_campaign(
        actor=actor, name="秋季终端陈列月", aim="重点终端礼盒与新品上柜，带动三个规格动销。", quantity=800, budget=2_000_000, starts_on=plant.day,
        ends_on=plant.day + timedelta(days=29), **usual,
    )  # fmt: skip
    plan_campaign(
        actor=actor, name="年节宴席推广", aim="宴席用烟进酒店、进乡镇。", quantity=1_500, budget=5_000_000, starts_on=plant.day + timedelta(days=40),
        ends_on=plant.day + timedelta(days=90), **(usual | {"question": "kind=retailer&market=town"}),
    )  # fmt: skip
    try:
        start_campaign(running, actor=actor)
    except MarketingError:
        return  # a plant without customers
    back = timedelta(days=30)
    printed = add_task(running, actor=actor, text="印制陈列标准图和价签", owner=seller, due_on=plant.day + timedelta(days=2))
    add_task(running, actor=actor, text="对象逐户走访，陈列到位拍照", owner=seller, due_on=plant.day + timedelta(days=10))
    finish_task(printed, actor=seller, outcome="印 300 份，已分发")
    for expense in Expense.objects.filter(person=seller.pk, state__in=("waiting", "stands"), kind__in=("display", "material")).order_by("pk")[:3]:
        tie_expense(running, actor=seller, number=expense.number)
    _judged(plant, running, keeper if keeper.pk != seller.pk else actor, back)


def _judged(plant: Plant, running: Campaign, judge: User, back: timedelta) -> None:
    """Of the month before, with the same targets; laid as it stood."""
    first, products = plant.day - 2 * back, list(running.products.all())
    made = Campaign.objects.create(
        number=f"HD{first.year}900", name="夏季新品上柜行动", aim="新品上柜率达到七成。", quantity=600, budget=1_500_000, owner=running.owner, starts_on=first,
        ends_on=first + back, question=running.question, held_out=running.held_out, seed=running.seed, made_by=judge,
    )  # fmt: skip
    made.products.set(products)
    rows = running.targets.order_by("pk").values_list("customer", "is_held_out")
    CampaignTarget.objects.bulk_create([CampaignTarget(campaign=made, customer_id=pk, is_held_out=is_held) for pk, is_held in rows], batch_size=2_000)
    now = timezone.now()
    Campaign.objects.filter(pk=made.pk).update(state="evaluated", frozen_at=now - 2 * back, judgement=JUDGEMENT, judged_by=judge, judged_at=now)


register_content(79, build_marketing)
