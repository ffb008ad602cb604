"""Leads, opportunities and expenses of the demo plant, opened and worked on through the services by who holds the portfolio."""

from datetime import timedelta

from crm.catalogue.models import Product
from crm.customers.demo.busy import busy_holdings
from crm.customers.models import Customer
from crm.sales.demo.expenses import build_expenses
from crm.sales.errors import SalesError
from crm.sales.models import Opportunity, Stage
from crm.sales.services.leads import note_lead
from crm.sales.services.opportunities import close_opportunity, move_opportunity, note_step, open_opportunity
from crm.sales.services.quotations import begin_quotation, send_quotation
from portal.accounts.models import User
from portal.organization.demo import Plant, register_content

EACH = 8
NAMES = ("新品专柜", "宴席用烟", "礼盒陈列", "二店进场", "节日备货", "终端形象店", "会务用烟", "景区礼品装")
RIVALS = ("湘江烟草", "岳麓卷烟", "云岭集团")
STEPS = ("上门看了柜台位置，量了尺寸。", "与店主谈了陈列费用，店主要再想想。", "送去试销两条，下周看动销。", "电话确认了报价，等老板回来签字。")
NEXT = ("送陈列方案", "再谈价格", "看试销结果", "约老板面谈")
LEADS = (
    ("河西新开商超", "店长打听新品铺货条件", "visit"),
    ("枫林宾馆", "宴席用烟想换牌号", "call"),
    ("南站服务区", "服务区招商，问专柜", "referral"),
    ("秋交会来客", "询问礼盒装订购", "fair"),
)
CAUSES = ("price", "supply", "rival", "customer")


def build_sales(plant: Plant) -> None:
    """For each portfolio some opportunities, in all stages; two in ten won, two in ten lost; a lead here and there."""
    products = list(Product.objects.order_by("code"))
    for place, holding in enumerate(busy_holdings(plant.day)):
        actor = User.objects.get(pk=holding.person_id)
        customers = Customer.objects.unmerged().filter(portfolio=holding.portfolio, kind="retailer", ended_on__isnull=True).order_by("code")[:EACH]
        for customer in customers:
            _opportunity(plant, actor, customer, products)
        name, text, source = LEADS[place % len(LEADS)]
        note_lead(actor=actor, portfolio=holding.portfolio, name=name, text=text, source=source)


def _opportunity(plant: Plant, actor: User, customer: Customer, products: list[Product]) -> None:
    random = plant.random
    kind = "relationship" if random.randrange(3) else "transactional"
    made = open_opportunity(
        actor=actor,
        customer=customer,
        name=random.choice(NAMES),
        kind=kind,
        amount=random.randrange(20, 400) * 100_000,
        expected_on=plant.day + timedelta(days=random.randrange(5, 90)),
        product=random.choice([None, *products]),
        rivals=random.sample(RIVALS, random.randrange(3)),
    )
    stages = list(Stage.objects.of(kind))
    for stage in stages[1 : random.randrange(1, len(stages))]:
        move_opportunity(made, actor=actor, stage=stage)
    note_step(made, actor=actor, text=random.choice(STEPS), next_step=random.choice(NEXT), next_on=plant.day + timedelta(days=random.randrange(1, 12)))
    _quote(plant, actor, made, products)
    fate = random.randrange(10)
    if fate < 2:
        close_opportunity(made, actor=actor, state=Opportunity.State.WON, cause=random.choice(("service", "relation", "quality")))
    elif fate < 4:
        close_opportunity(made, actor=actor, state=Opportunity.State.LOST, cause=random.choice(CAUSES))


def _quote(plant: Plant, actor: User, made: Opportunity, products: list[Product]) -> None:
    quantities = {product.pk: plant.random.randrange(5, 40) for product in plant.random.sample(products, 3)}
    until = plant.day + timedelta(days=plant.random.randrange(5, 40))
    try:
        quoted = begin_quotation(
            actor=actor,
            customer=made.customer,
            quantities=quantities,
            valid_through=until,
            opportunity=made,
        )
    except SalesError:
        return  # what has no price is not quoted
    if plant.random.randrange(3):
        send_quotation(quoted, actor=actor)


register_content(76, build_sales)
register_content(76, build_expenses)
