"""What shops of the demo plant carry, and what they and the staff tell of the market."""

from datetime import timedelta

from crm.catalogue.models import Product
from crm.customers.demo.busy import busy_holdings
from crm.customers.models import Customer
from crm.marketing.services.channel import note_stock
from crm.marketing.services.information import judge_news, send_news
from crm.orders.models import Order
from portal.accounts.models import User
from portal.organization.demo import Plant

SHOPS = 8
NEWS = (
    ("price", "南门口岳麓软蓝零售降到每包 19 元，称厂家有补贴。", "南门口"),
    ("demand", "婚宴旺季，问典藏礼盒的明显多了。", "红星路"),
    ("counterfeit", "有人骑车兜售低价松涛，包装偏色。", "火车站"),
    ("rival", "湘江烟草业务员承诺陈列费翻倍。", "劳动西路"),
)


def build_channel(plant: Plant, keeper: User) -> None:
    """Of shops that order: their stock three times within two months, some of it dry."""
    random, products = plant.random, list(Product.objects.filter(ended_on__isnull=True).order_by("code")[:5])
    ordering = Order.objects.order_by().values("customer")
    for place, holding in enumerate(busy_holdings(plant.day)):
        actor = User.objects.get(pk=holding.person_id)
        rows = Customer.objects.unmerged().filter(portfolio=holding.portfolio_id, kind="retailer", ended_on__isnull=True)
        shops = [*rows.filter(pk__in=ordering).order_by("code")[:SHOPS], *rows.exclude(pk__in=ordering).order_by("code")[:2]]
        for customer in shops:
            for back, least, most in ((50, 8, 15), (24, 3, 8), (3, 0, 4)):
                stocks = {product: (random.randrange(least, most), random.choice((0, 0, 0, 5))) for product in products}
                note_stock(customer, actor=actor, day=plant.day - timedelta(days=back + random.randrange(3)), stocks=stocks)
        kind, text, where = NEWS[place % len(NEWS)]
        if place < len(NEWS):
            note = send_news(actor=actor, kind=kind, text=text, place=where, customer=shops[0] if shops else None)
            if place % 2 and actor.pk != keeper.pk:
                judge_news(note, actor=keeper, is_approved=True, reason="与多户反映一致")
