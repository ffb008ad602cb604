"""A brand that the demo plant has been launching for five weeks, with what shops and smokers say of it."""

from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from crm.activities.models import Visit
from crm.catalogue.models import Product
from crm.customers.demo.busy import busy_holdings
from crm.customers.models import Customer
from crm.marketing.launching import Launch
from crm.marketing.models import Campaign, CampaignTarget
from crm.marketing.services.campaigns import finish_task
from crm.marketing.services.launches import note_opinion, take_opinion
from crm.orders.models import OrderLine
from portal.accounts.models import User
from portal.organization.demo import Plant

SHOPS, MOST_HEARD = 12, 14
SAID = (
    ("retailer", "price", 4, "毛利比同价位高两块，愿意主推。"),
    ("consumer", "taste", 2, "偏呛，老烟民不太习惯。"),
    ("consumer", "packaging", 5, "包装素净，送人拿得出手。"),
    ("retailer", "supply", 2, "头一批两天就卖完，补货要等一周。"),
    ("consumer", "taste", 4, "细支回甜，年轻人喜欢。"),
    ("retailer", "support", 3, "柜台陈列位小，希望给个台卡。"),
    ("consumer", "price", 3, "比预想的贵一点。"),
)


def build_launch(plant: Plant, owner: User, keeper: User) -> None:
    """Laid as it stood at its start; what was said is noted through the service."""
    sold = OrderLine.objects.order_by().values("product").annotate(number=Count("pk")).order_by("-number", "product").values_list("product", flat=True)
    product = Product.objects.filter(pk__in=list(sold[:1]), ended_on__isnull=True).first()
    if product is None:
        return
    first = plant.day - timedelta(days=35)
    made = Campaign.objects.create(
        number=f"HD{first.year}901", name="新品细支上市推介", aim="八成对象上柜，复购过半；收集店主和消费者意见，两周一次反馈技术中心。", quantity=2_000,
        budget=3_000_000, owner=owner, starts_on=first, ends_on=plant.day + timedelta(days=25), question="kind=retailer", held_out=0, seed=7, made_by=keeper,
        is_launch=True,
    )  # fmt: skip
    made.products.set([product])
    shops: dict[int, User] = {}
    for holding in busy_holdings(plant.day):
        rows = Customer.objects.unmerged().filter(portfolio=holding.portfolio_id, kind="retailer", ended_on__isnull=True)
        shops |= dict.fromkeys(rows.order_by("code").values_list("pk", flat=True)[:SHOPS], User.objects.get(pk=holding.person_id))
    CampaignTarget.objects.bulk_create([CampaignTarget(campaign=made, customer_id=pk) for pk in sorted(shops)])
    Campaign.objects.filter(pk=made.pk).update(state=Campaign.State.RUNNING, frozen_at=timezone.now() - timedelta(days=35))
    made.refresh_from_db()
    _opinions(plant, made, shops)


def _opinions(plant: Plant, campaign: Campaign, shops: dict[int, User]) -> None:
    visits: list[Visit] = list(Launch(campaign).visits().select_related("customer").order_by("pk")[:MOST_HEARD])
    said = []
    for place, visit in enumerate(visits):
        party, about, liking, text = SAID[place % len(SAID)]
        actor = shops[visit.customer_id]
        said.append(note_opinion(campaign, actor=actor, customer=visit.customer, party=party, about=about, liking=liking, text=text, visit=visit))
    for place, opinion in enumerate(said[1:4:2]):
        taken = take_opinion(opinion, actor=campaign.owner, text=opinion.text, owner=campaign.owner, due_on=plant.day + timedelta(days=5 + place))
        if place and taken.task is not None:
            finish_task(taken.task, actor=campaign.owner, outcome="安全库存提高一倍，改为隔日补货。")
