"""Products, prices and stock as tests write them."""

from datetime import date
from typing import Any

from crm.catalogue.models import PriceList, Product, Warehouse
from crm.catalogue.services.products import DraftPrice, create_price_list, create_product, issue_prices
from crm.catalogue.services.stock import book_receipt
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.writing import fresh


def let(person: User, capability: str, admin: User) -> User:
    """Grants a capability to one person."""
    grant_capability(capability, rule=AudienceRule.of([person_token(person.pk)]), actor=admin)
    return fresh(person)


def make_product(cast: Cast, name: str = "松涛（典藏）", code: str = "4301119", **values: Any) -> Product:
    """In 条, 50 of them in a 件, 250 in a 箱."""
    defaults = {"brand": "松涛", "form": "hard", "base": "carton", "sticks": 200, "per_case": 50, "per_box": 250}
    return create_product(actor=fresh(cast.admin), name=name, code=code, **(defaults | values))


def make_warehouse(code: str = "CP1", name: str = "成品一库") -> Warehouse:
    return Warehouse.objects.get_or_create(code=code, defaults={"name": name})[0]


def make_prices(
    cast: Cast,
    prices: dict[Product, int],
    name: str = "统一批发价",
    *,
    scope: str = "all",
    value: str = "",
    starts_on: date | None = None,
    min_qty: int = 1,
    floor: int = 0,
) -> PriceList:
    """A list with these prices in fen, in force from today."""
    made = create_price_list(actor=fresh(cast.admin), name=name, scope=scope, scope_value=value)
    lines = [DraftPrice(product, min_qty, fen, floor or fen) for product, fen in prices.items()]
    issue_prices(made, actor=fresh(cast.admin), starts_on=starts_on or today(), paper="厂价〔2026〕11号", lines=lines)
    return made


def receive(cast: Cast, product: Product, warehouse: Warehouse, quantity: int) -> None:
    book_receipt(actor=fresh(cast.admin), product=product, warehouse=warehouse, quantity=quantity, document="入库 001")
