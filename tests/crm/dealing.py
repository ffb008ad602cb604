"""Orders as tests place them."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from crm.catalogue.models import Product, Warehouse
from crm.customers.models import Customer
from crm.orders.models import CreditAccount, Order, Release
from crm.orders.papers import CODE, RELEASE
from crm.orders.services.accounts import set_terms
from crm.orders.services.gate import place_order
from crm.orders.services.releases import ask_release
from portal.accounts.models import User
from portal.approvals.models import PaperKind
from portal.organization.querysets import today
from tests.approvals.writing import make_kind, person, step
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


def make_release(cast: Cast, actor: User, customer: Customer, product: Product, number: int = 50) -> Release:
    """An order for more than the credit allows, as a paper with the director; the limit is as before afterwards."""
    if not PaperKind.objects.filter(code=CODE).exists():
        make_kind(step("a", person(cast.director)), code=CODE, prefix="放行", fields=RELEASE["fields"])
    account = CreditAccount.objects.get(customer=customer)
    give_credit(cast, customer, 0)
    values: dict[str, Any] = {"warehouse": make_warehouse(), "wanted_on": today(), "quantities": {product.pk: number}, "key": uuid4(), "reason": "节前备货"}
    made = ask_release(actor=fresh(actor), customer=customer, **values)
    give_credit(cast, customer, account.limit, term=account.term_days)
    return made
