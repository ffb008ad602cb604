"""What the order screen carries: quantities by product in one of its units, a day, a warehouse. Whatever cannot be read is a sentence at its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from crm.catalogue.models import Product, Stock, Warehouse
from crm.catalogue.prices import Buyer, explain_price, offers_on
from crm.catalogue.units import UNITS, read_quantity, say_yuan
from crm.customers.models import Customer
from crm.orders.models import OrderLine
from crm.orders.services.facts import buyer_of
from portal.foundation.asking import number_of, read_words
from portal.foundation.moments import DayField
from portal.organization.querysets import today

MOST_USUAL = 12
MOST_FOUND = 8


@dataclass(slots=True)
class Row:
    """A line of the grid as it stands."""

    product: Product
    text: str
    unit: str
    units: list[tuple[str, str]]
    price: str
    free: str
    wrong: str = ""


@dataclass(slots=True)
class Asked:
    """What was typed, read. `wrong` is what is not about a line."""

    warehouse: Warehouse | None
    wanted_on: date
    day_text: str
    remark: str
    quantities: dict[int, int] = field(default_factory=dict)
    texts: dict[int, tuple[str, str]] = field(default_factory=dict)
    wrong_lines: dict[int, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def is_readable(self) -> bool:
        return not self.wrong and not self.wrong_lines and self.warehouse is not None


def read_asked(values: Mapping[str, Any]) -> Asked:
    warehouses = list(Warehouse.objects.filter(closed_on__isnull=True))
    chosen = number_of(values.get("warehouse"))
    warehouse = next((one for one in warehouses if one.pk == chosen), warehouses[0] if warehouses else None)
    asked = Asked(warehouse, today(), read_words(values, "wanted_on"), read_words(values, "remark", longest=200))
    if warehouse is None:
        asked.wrong.append(_("There is no warehouse to deliver from yet."))
    try:
        asked.wanted_on = DayField(required=False).clean(asked.day_text) or today()
    except ValidationError as error:
        asked.wrong.extend(error.messages)
    typed = {number_of(name.removeprefix("q-")): read_words(values, name, longest=40) for name in values if name.startswith("q-")}
    products = {product.pk: product for product in Product.objects.filter(pk__in=[pk for pk, text in typed.items() if text])}
    for pk, product in products.items():
        unit = read_words(values, f"u-{pk}", longest=10) or product.base
        asked.texts[pk] = (typed[pk], unit)
        try:
            asked.quantities[pk] = product.packing.in_base(read_quantity(typed[pk]), unit)
        except ValueError as error:
            asked.wrong_lines[pk] = str(error)
    return asked


def usual_of(customer: Customer) -> list[Product]:
    """What this customer ordered last, each product once; for a new one, what there is."""
    recent = OrderLine.objects.filter(order__customer__root=customer.root_id).order_by("-id").values_list("product", flat=True)[: 5 * MOST_USUAL]
    keys = list(dict.fromkeys(recent))[:MOST_USUAL]
    found = {product.pk: product for product in sold().filter(pk__in=keys)}
    rows = [found[pk] for pk in keys if pk in found]
    return rows or list(sold()[:MOST_USUAL])


def sold() -> QuerySet[Product]:
    return Product.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=today()))


def found_by(words: str) -> list[Product]:
    rows = sold()
    for word in words.lower().split()[:4]:
        rows = rows.filter(found_by__contains=word)
    return list(rows[:MOST_FOUND]) if words.strip() else []


def grid(customer: Customer, asked: Asked, words: str = "") -> tuple[list[Row], list[Row]]:
    """The usual rows, and those that were added: what has a quantity, and what fits the words."""
    usual = usual_of(customer)
    known = {product.pk for product in usual}
    added = list(Product.objects.filter(pk__in=asked.texts).exclude(pk__in=known))
    known |= {product.pk for product in added}
    added += [product for product in found_by(words) if product.pk not in known]
    everything = [*usual, *added]
    buyer = buyer_of(customer)
    offers = offers_on(today(), [product.pk for product in everything], buyer)
    stocks = {row.product_id: row for row in Stock.objects.filter(product__in=everything, warehouse=asked.warehouse)}
    rows = [_row(product, asked, buyer, offers[product.pk], stocks.get(product.pk)) for product in everything]
    return rows[: len(usual)], rows[len(usual) :]


def _row(product: Product, asked: Asked, buyer: Buyer, offers: Any, stock: Stock | None) -> Row:
    text, unit = asked.texts.get(product.pk, ("", product.base))
    winner = explain_price(offers, buyer, asked.quantities.get(product.pk, 1)).winner
    return Row(
        product=product,
        text=text,
        unit=unit,
        units=[(code, str(UNITS[code])) for code in product.packing.factors()],
        price=say_yuan(winner.fen) if winner else "",
        free=product.packing.split(stock.free) if stock else product.packing.split(0),
        wrong=asked.wrong_lines.get(product.pk, ""),
    )
