"""Customers of the demo plant who use their own site: three shops, one with two people, with orders, a question and a complaint made there."""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from crm.catalogue.models import Product
from crm.customers.models import Customer, PortfolioHolding
from crm.extranet.models import Account
from crm.extranet.services.accounts import accept, invite
from crm.extranet.services.asking import ask_as, complain_as
from crm.extranet.services.ordering import order_as
from crm.extranet.tokens import new_token
from crm.orders.errors import OrdersError
from crm.orders.models import Order, OrderLine
from portal.accounts.models import User
from portal.organization.demo import DEMO_PASSWORD, Outsider, Plant, register_content

PEOPLE = (("李秀兰", "13807310001", True), ("唐建军", "13807310002", False), ("周敏", "13807310003", True), ("何志强", "13807310004", True))
FIRMS = (0, 0, 1, 2)
QUESTION = "新到的松涛（典藏）什么时候可以订？"
COMPLAINT = "上周送来的一件里有两条外包装受潮，请看照片。"


def build_extranet(plant: Plant) -> None:
    """The shops of the account manager among the cast first, so that both sides can be tried beside each other."""
    firms = _firms(plant)
    if len(firms) <= max(FIRMS):
        return
    for (name, login, is_first), place in zip(PEOPLE, FIRMS, strict=True):
        customer = firms[place]
        holding = PortfolioHolding.objects.on(plant.day).filter(portfolio=customer.portfolio_id).first()
        actor = holding.person if holding is not None else User.objects.filter(is_superuser=True).order_by("pk").first()
        invitation = invite(actor=User.objects.get(pk=actor.pk) if actor else None, customer=customer, name=name, login=login, is_first=is_first)
        account = accept(invitation, login=login, password=new_token())
        Account.objects.filter(pk=account.pk).update(password=make_password(DEMO_PASSWORD), seen_at=timezone.now())
        plant.outsiders.append(Outsider(login, name, f"客户 {customer.name}", "customer, on their own site"))
        if is_first:
            _order(plant, account)
    first = Account.objects.select_related("user", "customer__root").get(login=PEOPLE[0][1])
    ask_as(first, kind="supply", text=QUESTION)
    line = OrderLine.objects.filter(order__customer=first.customer, delivered__gte=2, objections__isnull=True).order_by("pk").first()
    complain_as(first, fault="mould" if line else "delivery", text=COMPLAINT, line=line, quantity=2 if line else None)


def _firms(plant: Plant) -> list[Customer]:
    """Those who have bought, may be sold to, and are of the cast's account manager before others."""
    bought = Order.objects.filter(state=Order.State.DELIVERED).values("customer")
    rows = Customer.objects.unmerged().filter(pk__in=bought, ended_on__isnull=True, licence_ends_on__gte=plant.day).select_related("portfolio").order_by("code")
    seller = plant.cast.get("seller")
    holdings = PortfolioHolding.objects.on(plant.day).filter(person=seller) if seller is not None else PortfolioHolding.objects.none()
    own = set(holdings.values_list("portfolio", flat=True))
    return sorted(rows, key=lambda one: one.portfolio_id not in own)


def _order(plant: Plant, account: Account) -> None:
    chosen = plant.random.sample(list(Product.objects.filter(ended_on__isnull=True).order_by("code")), 3)
    key = UUID(int=plant.random.getrandbits(128), version=4)
    try:
        order_as(account, wanted_on=plant.day, quantities={product.pk: 2 for product in chosen}, key=key, remark="下午送，门口好停车")
    except OrdersError:
        return  # what the gate refuses was never ordered


register_content(79, build_extranet)
