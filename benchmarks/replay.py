"""Real orders through the real services: `RETAIL_CSV=path` names the Online Retail data (CSV, or CSV in XZ), `RETAIL_MONTH=2010-12` takes one month of it.

A product at another price is another product here, as the data say no price list; so every line is taken at exactly its own price. Each document is
placed and delivered, each committed by itself in a database of its own; a cancellation is a return of what the customer got at that price. What the
services or the house refuse is counted by reason, and after each month a line says how far it is.
"""

import csv
import lzma
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Sum

from benchmarks.context import Context
from benchmarks.rows import Row, at_most, told
from crm.catalogue.models import Product, Warehouse
from crm.catalogue.services.products import DraftPrice, create_price_list, create_product, issue_prices
from crm.catalogue.services.stock import book_receipt
from crm.customers.models import Customer, Portfolio
from crm.customers.services.customers import create_customer
from crm.customers.services.portfolios import create_portfolio
from crm.orders.errors import OrdersError
from crm.orders.models import Order, OrderLine, Receivable
from crm.orders.models.orders import MOST_FEN
from crm.orders.services.accounts import set_terms
from crm.orders.services.checks import check_accounts
from crm.orders.services.gate import MOST_LINES, place_order
from crm.orders.services.handling import deliver_order, return_goods
from portal.accounts.models import User
from portal.organization.models import Department
from portal.organization.querysets import today

Key = tuple[str, int]
WHOLE = Decimal("9747747.934")  # of all 541,909 lines, as the data's own description says
HUNDRED = Decimal(100)
BATCH = 200
Thing = TypeVar("Thing")


class Line(NamedTuple):
    """A line of the data."""

    number: str
    customer: str
    at: str
    stock_code: str
    quantity: int
    price: Decimal

    @property
    def key(self) -> Key:
        return self.stock_code, int(self.price * HUNDRED)

    @property
    def sum(self) -> Decimal:
        return self.quantity * self.price


def measure(context: Context) -> list[Row]:
    named = os.environ.get("RETAIL_CSV", "")
    if not named or not Path(named).exists():
        return [told("replay", "there are no data: name the file of Online Retail by RETAIL_CSV", 0, "lines")]
    context.fill_plant()
    month = os.environ.get("RETAIL_MONTH", "")
    lines = [line for line in _read(Path(named)) if line.at.startswith(month)]
    with context.own_database():
        replay = Replay(context, lines)
        replay.run()
        return replay.rows(whole=not month)


def _read(path: Path) -> Iterator[Line]:
    with lzma.open(path, "rt", newline="") if path.suffix == ".xz" else path.open(newline="") as file:
        for line in csv.DictReader(file):
            price = Decimal(line["UnitPrice"])
            yield Line(line["InvoiceNo"], line["CustomerID"], line["InvoiceDate"], line["StockCode"], int(line["Quantity"]), price)


class Replay:
    def __init__(self, context: Context, lines: list[Line]) -> None:
        self.context, self.lines = context, lines
        self.begun = self.prepared = 0.0
        self.orders = self.returns = self.taken_lines = self.taken = 0
        self.actor = User.objects.filter(is_superuser=True).order_by("pk")[0]
        self.warehouse = Warehouse.objects.create(code="RETAIL", name="Online Retail")
        self.refused: dict[str, Decimal] = defaultdict(Decimal)
        self.numbers: Counter[str] = Counter()
        self.products: dict[Key, Product] = {}
        self.customers: dict[str, Customer] = {}
        self.got: dict[tuple[str, Key], list[list[Any]]] = defaultdict(list)  # what was delivered of it: order, line, how much is left

    def refuse(self, reason: str, quantity: int, price: Decimal, number: int = 1) -> None:
        self.refused[reason] += quantity * price
        self.numbers[reason] += number

    def run(self) -> None:
        self.begun = time.monotonic()
        good = [line for line in self.lines if self._is_good(line)]
        self._prepare(good)
        self.prepared = time.monotonic()
        self._tell("customers, products, prices and stock are there")
        for month, of_month in groupby(good, key=lambda line: line.at[:7]):
            self.context.say(f"placing, delivering and returning what was of {month}")
            for (number, code), group in groupby(of_month, key=lambda line: (line.number, line.customer)):
                if number.startswith("C"):
                    self._return(code, list(group))
                else:
                    self._order(code, list(group))
            self._tell(month)
            self.context.analyse_own_database()

    def _tell(self, what: str) -> None:
        """How far it is, so that a run that is cut tells too."""
        spent, seconds = time.monotonic() - self.begun, time.monotonic() - self.prepared if self.prepared else 0
        rate = f", {self.orders / seconds:.1f} orders a second" if seconds else ""
        refused = "; ".join(f"{reason} {self.numbers[reason]:,} ({fen:,.3f})" for reason, fen in sorted(self.refused.items()))
        taken = f"{self.orders:,} orders and {self.returns:,} returns of {self.taken_lines:,} lines, taken {self.taken / HUNDRED:,.2f}"
        print(f"replay {what}: {taken}{rate}, {spent:,.0f} s; refused of all: {refused}", flush=True)

    def _is_good(self, line: Line) -> bool:
        reason = ""
        if not line.customer:
            reason = "no customer is named"
        elif line.price <= 0:
            reason = "a price of nought or below"
        elif line.price * HUNDRED != int(line.price * HUNDRED):
            reason = "a price that is no whole fen"
        elif line.quantity < 0 and not line.number.startswith("C"):
            reason = "a quantity below nought in an order"
        if reason:
            self.refuse(reason, line.quantity, line.price)
        return not reason

    def _prepare(self, good: list[Line]) -> None:
        """Customers, products with their price, and as much stock as is asked for; all by the services."""
        self.context.say("customers, products, prices and stock")
        portfolio = Portfolio.objects.order_by("pk").first() or create_portfolio(
            actor=self.actor, code="RETAIL", name="Online Retail", department=Department.objects.order_by("path")[0]
        )
        wanted: Counter[Key] = Counter()
        for line in good:
            wanted[line.key] += max(0, line.quantity)
        for codes in batches(sorted({line.customer for line in good})):
            for code in codes:
                customer = create_customer(actor=self.actor, portfolio=portfolio, name=f"Online Retail {code}", phones=[], kind="retailer")
                set_terms(customer, actor=self.actor, limit=MOST_FEN, term_days=30, grace_days=0)
                self.customers[code] = customer
        for keys in batches(sorted(wanted)):
            for code, fen in keys:
                values: dict[str, Any] = {"form": "hard", "base": "pack", "sticks": 1, "per_case": 0, "per_box": 0}
                made = create_product(actor=self.actor, brand="Online Retail", code=f"{code}@{fen}"[-20:], name=f"{code} {fen}", **values)
                self.products[code, fen] = made
                if number := wanted[code, fen]:
                    book_receipt(actor=self.actor, product=made, warehouse=self.warehouse, quantity=number, document="Online Retail")
        lists = create_price_list(actor=self.actor, name="Online Retail", scope="all")
        prices = [DraftPrice(product, 1, fen, fen) for (_code, fen), product in self.products.items()]
        issue_prices(lists, actor=self.actor, starts_on=today(), paper="Online Retail", lines=prices)
        self.context.analyse_own_database()

    def _order(self, code: str, lines: list[Line]) -> None:
        quantities: Counter[Key] = Counter()
        for line in lines:
            quantities[line.key] += line.quantity
        rest = iter(sorted(quantities.items()))
        while part := list(islice(rest, MOST_LINES)):
            wanted = {self.products[key].pk: quantity for key, quantity in part}
            values: dict[str, Any] = {"customer": self.customers[code], "warehouse": self.warehouse, "wanted_on": today()}
            try:
                order = place_order(actor=self.actor, quantities=wanted, key=uuid4(), **values)
            except OrdersError as error:
                for (_product, fen), quantity in part:
                    self.refuse(f"the gate: {error}"[:80], quantity, fen / HUNDRED)
                continue
            placed = {line.product_id: line for line in order.lines.all()}
            deliver_order(order, actor=self.actor, quantities={line.pk: line.quantity for line in placed.values()}, key=uuid4())
            for key, quantity in part:
                self.got[code, key].append([order, placed[self.products[key].pk], quantity])
            self.orders += 1
            self.taken_lines += len(part)
            self.taken += order.total

    def _return(self, code: str, lines: list[Line]) -> None:
        """The newest first, as people send back what they got last."""
        back: dict[int, tuple[Order, dict[int, int]]] = {}
        for line in lines:
            left = -line.quantity
            for place in reversed(self.got[code, line.key]):
                order, of, there = place
                taken = min(left, there)
                if taken:
                    place[2] -= taken
                    left -= taken
                    given = back.setdefault(order.pk, (order, {}))[1]
                    given[of.pk] = given.get(of.pk, 0) + taken
            if left:
                self.refuse("a return of what was never sold at that price", -left, line.price)
        for order, quantities in back.values():
            back_in = return_goods(order, actor=self.actor, quantities=quantities, reason="Online Retail", key=uuid4())
            self.returns += 1
            self.taken -= back_in.fen

    def rows(self, *, whole: bool) -> list[Row]:
        spent, placing = time.monotonic() - self.begun, time.monotonic() - self.prepared
        asked = sum((line.sum for line in self.lines), Decimal())
        of_file = Order.objects.filter(warehouse=self.warehouse)
        lines = OrderLine.objects.filter(order__in=of_file)
        taken = Decimal(lines.aggregate(fen=Sum((F("quantity") - F("returned")) * F("fen")))["fen"] or 0) / HUNDRED
        documents = of_file.count()
        owed = Receivable.objects.filter(order__in=of_file).aggregate(fen=Sum(F("fen") - F("settled")))["fen"] or 0
        refused = sum(self.refused.values(), Decimal())
        found = [
            told("replay", f"lines read{' (the whole file)' if whole else ''}", len(self.lines), "lines"),
            told("replay", "orders placed and delivered", documents, "orders"),
            told("replay", "lines of them, each product once in an order", lines.count(), "lines"),
            told("replay", "taken: delivered less returned", float(taken), "sum"),
            *(told("replay", f"refused: {reason} ({self.numbers[reason]:,} lines)", float(fen), "sum") for reason, fen in sorted(self.refused.items())),
            at_most("replay", "taken and refused differ from the data by", float(abs(taken + refused - asked)), "sum", 0, reference=float(asked)),
            at_most("replay", "sums that differ from ledgers and documents", check_accounts().differences, "sums", 0),
            told("replay", "owed of it at the end", owed / 100, "sum"),
            told("replay", "orders placed and delivered a second, with what came back of them", documents / placing, "a second"),
            told("replay", "all of it", spent, "s"),
        ]
        if whole:
            found.append(at_most("replay", "the data differ from their description by", float(abs(asked - WHOLE)), "sum", 0))
        return found


def batches(things: list[Thing]) -> Iterator[list[Thing]]:
    """Each in a transaction of its own: only what is measured commits one by one."""
    for first in range(0, len(things), BATCH):
        with transaction.atomic():
            yield things[first : first + BATCH]
