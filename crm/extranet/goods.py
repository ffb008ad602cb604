"""Products as a customer sees them: what they are, what they cost them today, how much they may have. Nothing of stock, cost or others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from crm.catalogue.models import Product, Warehouse
from crm.catalogue.units import UNITS, read_quantity, say_yuan
from crm.customers.models import Customer
from crm.orders.asked import sold, usual_of
from crm.orders.judging import AskedLine, available
from crm.orders.models import CreditAccount
from crm.orders.services.facts import read_facts
from portal.foundation.asking import read_words
from portal.foundation.moments import DayField
from portal.organization.querysets import today

MOST_FOUND = 30
LONGEST_QUANTITY = 40


@dataclass(slots=True)
class Row:
    """A product with what is released of it. `price` and `may_have` are this customer's."""

    product: Product
    price: str = ""
    may_have: str = ""
    is_there: bool = False
    text: str = ""
    unit: str = ""
    wrong: str = ""

    @property
    def units(self) -> list[tuple[str, str]]:
        return [(code, str(UNITS[code])) for code in self.product.packing.factors()]


def found_products(words: str) -> QuerySet[Product]:
    """By name, number, pinyin and bar code; everything that is sold without words."""
    rows = sold().select_related("brand")
    for word in words.lower().split()[:4]:
        rows = rows.filter(Q(found_by__contains=word))
    return rows


def rows_for(customer: Customer, products: Sequence[Product], warehouse: Warehouse | None) -> list[Row]:
    """With prices and what there is for the customer, by what the gate itself reads."""
    if warehouse is None or not products:
        return [Row(product) for product in products]
    day = today()
    account = CreditAccount(customer=customer)
    facts = read_facts(customer, account, warehouse, day, dict.fromkeys((product.pk for product in products), 1))
    lines = {line.product: line for line in facts.lines}
    return [_row(product, lines[product.pk], day) for product in products]


def _row(product: Product, line: AskedLine, day: date) -> Row:
    price = say_yuan(line.fen) if line.fen is not None else ""
    may_have = product.packing.said(max(0, line.cap_left)) if line.cap_left is not None else ""
    return Row(product, price, may_have, bool(price) and available(line, day, day) > 0, unit=product.base)


@dataclass(slots=True)
class Basket:
    """What was typed, read. Only quantities, a day and a remark: whose it is, from where and for how much is said by nobody outside."""

    wanted_on: date
    day_text: str
    remark: str
    quantities: dict[int, int]
    texts: dict[str, tuple[str, str]]
    wrong_lines: dict[str, str]
    wrong: list[str]

    @property
    def is_readable(self) -> bool:
        return not self.wrong and not self.wrong_lines


def read_basket(values: Mapping[str, Any]) -> Basket:
    """Fields are named by the products' numbers: `q-4301119`, `u-4301119`."""
    basket = Basket(today(), read_words(values, "wanted_on"), read_words(values, "remark", longest=200), {}, {}, {}, [])
    try:
        basket.wanted_on = DayField(required=False).clean(basket.day_text) or today()
    except ValidationError as error:
        basket.wrong.extend(error.messages)
    typed = {name.removeprefix("q-"): read_words(values, name, longest=LONGEST_QUANTITY) for name in values if name.startswith("q-")}
    for product in Product.objects.filter(code__in=[code[:20] for code, text in typed.items() if text]):
        text, unit = typed[product.code], read_words(values, f"u-{product.code}", longest=10) or product.base
        basket.texts[product.code] = (text, unit)
        try:
            basket.quantities[product.pk] = product.packing.in_base(read_quantity(text), unit)
        except ValueError as error:
            if text.strip("0 ０"):  # nought is nothing
                basket.wrong_lines[product.code] = str(error)
            else:
                del basket.texts[product.code]
    return basket


def basket_rows(customer: Customer, basket: Basket, words: str, warehouse: Warehouse | None) -> list[Row]:
    """What has a quantity, what fits the words, and what is usual; each once."""
    typed = list(Product.objects.filter(code__in=basket.texts).select_related("brand"))
    shown = [*typed, *(found_products(words)[:MOST_FOUND] if words else usual_of(customer))]
    rows = rows_for(customer, list({product.pk: product for product in shown}.values()), warehouse)
    for row in rows:
        row.text, row.unit = basket.texts.get(row.product.code, ("", row.product.base))
        row.wrong = basket.wrong_lines.get(row.product.code, "")
    return rows
