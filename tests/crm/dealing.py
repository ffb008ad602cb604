"""Orders as tests place them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from crm.catalogue.models import Product, Warehouse
from crm.customers.models import Customer
from crm.orders.models import CreditAccount, Order
from crm.orders.services.accounts import set_terms
from crm.orders.services.gate import place_order
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import make_warehouse
from tests.crm.writing import fresh


def give_credit(cast: Cast, customer: Customer, limit: int, *, term: int = 30, grace: int = 0) -> CreditAccount:
    return set_terms(customer, actor=fresh(cast.admin), limit=limit, term_days=term, grace_days=grace)


def order(
    actor: Any, customer: Customer, quantities: dict[Product, int], *, wanted: date | None = None, key: UUID | None = None, warehouse: Warehouse | None = None
) -> Order:
    return place_order(
        actor=fresh(actor),
        customer=customer,
        warehouse=warehouse or make_warehouse(),
        wanted_on=wanted or today(),
        quantities={product.pk: quantity for product, quantity in quantities.items()},
        key=key or uuid4(),
    )
