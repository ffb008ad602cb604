"""Orders of the demo plant, placed, delivered and paid through the services, by who holds the portfolio."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from crm.catalogue.models import Product, Warehouse
from crm.customers.models import Customer, PortfolioHolding
from crm.orders.errors import OrdersError
from crm.orders.models import CreditAccount, Order, Receivable
from crm.orders.services.accounts import book_payment, set_terms
from crm.orders.services.gate import place_order
from crm.orders.services.handling import deliver_order
from crm.orders.services.releases import ask_release, settle_release
from portal.access.models import Audience, CapabilityGrant
from portal.access.rules import AudienceRule, department_token, position_token
from portal.access.services import refresh_people
from portal.accounts.models import User
from portal.approvals.models import Task
from portal.approvals.services.deciding import approve_task, refuse_task
from portal.approvals.services.telling import holders_of
from portal.organization.demo import Plant, register_content

CUSTOMERS = 40
EACH, PAST, MONTH = 3, 360, 30
SMALL_LIMIT = 500_000  # fen, less than what is asked for
REASONS = ("节前备货，货款月底前付清。", "新店开业铺货，店主已书面承诺付款日期。", "婚宴集中用烟，款项随货结清。")


def build_orders(plant: Plant) -> None:
    """Customers of all portfolios: a limit each, orders of the months before and of today, some delivered, some paid."""
    _grant("orders.take", department_token(plant.departments["SAL"].pk, with_below=False))
    _grant("orders.deliver", position_token(plant.positions["storekeeper"].pk))
    _grant("orders.finance", department_token(plant.departments["FIN"].pk, with_below=True))
    refresh_people(None)
    admin = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
    warehouse = Warehouse.objects.order_by("code").first()
    if admin is None or warehouse is None:
        return
    holders = {one.portfolio_id: one.person for one in PortfolioHolding.objects.on(plant.day).select_related("person")}
    retailers = list(Customer.objects.unmerged().filter(kind="retailer", ended_on__isnull=True).select_related("portfolio").order_by("code"))
    customers = retailers[:: max(1, len(retailers) // CUSTOMERS)][:CUSTOMERS]
    products = list(Product.objects.order_by("code"))
    for customer in customers:
        set_terms(customer, actor=admin, limit=plant.random.randrange(20, 80) * 100_000, term_days=plant.random.choice([0, 15, 30]), grace_days=7)
        for turn in range(EACH):
            holder = User.objects.get(pk=holders[customer.portfolio_id].pk) if customer.portfolio_id in holders else admin
            order = _order(plant, holder, customer, warehouse, products)
            if order is not None and turn < EACH - 1:
                _deliver_and_pay(plant, admin, order, back=plant.random.randrange(1, PAST))
            elif order is not None and plant.random.randrange(3):
                _deliver_and_pay(plant, admin, order)
    _releases(plant, admin, holders, customers, warehouse, products)


def _releases(plant: Plant, admin: User, holders: dict[int, User], customers: list[Customer], warehouse: Warehouse, products: list[Product]) -> None:
    """Three orders above the limit as papers: one with the head of Sales, one released, one refused."""
    acts = iter((None, approve_task, refuse_task))
    for customer in customers:
        holder = User.objects.filter(pk=holders[customer.portfolio_id].pk).first() if customer.portfolio_id in holders else None
        product = plant.random.choice(products)
        values: dict[str, Any] = {"customer": customer, "warehouse": warehouse, "wanted_on": plant.day, "quantities": {product.pk: 120}, "key": _key(plant)}
        if holder is None:
            continue
        set_terms(customer, actor=admin, limit=SMALL_LIMIT, term_days=15, grace_days=7)
        try:
            release = ask_release(actor=holder, reason=plant.random.choice(REASONS), **values)
        except OrdersError:
            continue  # it passes by itself, or no release helps
        act = next(acts)
        while act is not None and (task := Task.objects.filter(paper=release.paper, state=Task.State.OPEN).first()) is not None:
            person = User.objects.get(pk=holders_of([task.seat])[0])
            words = {"opinion": "该户逾期较多，先清欠再供货。"} if act is refuse_task else {}
            act(task.pk, actor=person, seen=1, key=_key(plant), **words)
        settle_release(release.paper_id)
        if act is refuse_task:
            return


def _grant(capability: str, token: str) -> None:
    CapabilityGrant.objects.create(capability=capability, audience=Audience.objects.for_rule(AudienceRule.of([token])))


def _key(plant: Plant) -> UUID:
    return UUID(int=plant.random.getrandbits(128), version=4)


def _order(plant: Plant, actor: User, customer: Customer, warehouse: Warehouse, products: list[Product]) -> Order | None:
    quantities = {product.pk: plant.random.randrange(1, 9) for product in plant.random.sample(products, 4)}
    try:
        return place_order(actor=actor, customer=customer, warehouse=warehouse, wanted_on=plant.day, quantities=quantities, key=_key(plant))
    except OrdersError:
        return None  # what the gate refuses was never ordered


def _deliver_and_pay(plant: Plant, admin: User, order: Order, *, back: int = 0) -> None:
    """It left so many days before today; what left more than a month ago is paid."""
    left_at = timezone.now() - timedelta(days=back)
    if back:
        Order.objects.filter(pk=order.pk).update(placed_at=left_at - timedelta(days=1), wanted_on=timezone.localdate(left_at))
    deliver_order(order, actor=admin, quantities={line.pk: line.quantity for line in order.lines.all()}, key=_key(plant), at=left_at)
    if back > MONTH or plant.random.randrange(2):
        account = CreditAccount.objects.get(customer=order.customer)
        owed = sum(row.open for row in Receivable.objects.filter(account=account))
        if owed:
            number = f"转 {plant.random.randrange(10**6, 10**7)}"
            book_payment(order.customer, actor=admin, fen=owed, came_on=plant.day, reference=number, key=_key(plant))


register_content(74, build_orders)
