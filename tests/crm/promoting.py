"""Campaigns, rivals and the channel as tests write them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from crm.activities.services.visits import take_visit
from crm.catalogue.models import Product
from crm.customers.models import Customer
from crm.marketing.capabilities import KEEP_MARKETING
from crm.marketing.models import Campaign, RivalMaker
from crm.marketing.services.campaigns import plan_campaign
from crm.marketing.services.rivals import note_rival
from crm.orders.models import Order, OrderLine
from portal.accounts.models import User
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import let, make_warehouse
from tests.crm.writing import fresh, let_read


def in_marketing(cast: Cast, person: User) -> User:
    """Works in marketing and looks customers up."""
    let_read(person, cast.admin)
    return let(person, KEEP_MARKETING, cast.admin)


def make_campaign(actor: Any, product: Product, *, owner: User | None = None, **values: Any) -> Campaign:
    """From today, two weeks; a fifth is held out."""
    usual = {
        "name": "中秋礼盒陈列", "aim": "城南终端礼盒上柜", "quantity": 500, "budget": 3_000_000, "starts_on": today(), "ends_on": today() + timedelta(days=13),
        "question": "kind=retailer", "held_out": 20,
    }  # fmt: skip
    return plan_campaign(actor=fresh(actor), products=[product], owner=owner or actor, **(usual | values))


def see_rival(actor: Any, customer: Customer, fen: int, *, name: str = "湘江烟草", product: str = "和天下", back: int = 1) -> None:
    at = timezone.now() - timedelta(days=back)
    take_visit(actor=fresh(actor), key=uuid4(), customer=customer, said_at=at, device_now=timezone.now(), results="看货架", rivals=[(name, product, fen)])


def make_rival(actor: Any, name: str = "湘江烟草", **values: Any) -> RivalMaker:
    return note_rival(actor=fresh(actor), name=name, **({"other_names": ["湘烟"], "region": "湖南"} | values))


def place(customer: Customer, product: Any, quantity: int, at: datetime, *, cancelled: int = 0, actor: Any = None) -> None:
    """An order as it stands, without passing the gate."""
    number = Order.objects.count() + 1
    made = Order.objects.create(
        number=f"T{number:06}", customer=customer, warehouse=make_warehouse(), wanted_on=today(), total=0, placed_at=at, placed_by=actor,
        key=f"00000000-0000-4000-8000-{number:012}",
    )  # fmt: skip
    OrderLine.objects.create(order=made, product=product, quantity=quantity, cancelled=cancelled, fen=100, price_list="价", promised_on=today())
