"""Random orders, changes, cancellations, deliveries, returns, payments, bounces, limits and merges against a naive telling, after every step.

The drill lets 16 clients act at one moment while connections are cut: what they did is told again in the order in which it was written.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from threading import Event
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, InterfaceError, connection, transaction

from crm.catalogue.models import Product, Stock
from crm.customers.errors import CustomersError
from crm.customers.models import Customer, Portfolio
from crm.customers.services.merges import merge_customers
from crm.orders.errors import OrdersError
from crm.orders.models import CreditAccount, Order, Payment
from crm.orders.services.accounts import book_payment, bounce_payment, set_terms
from crm.orders.services.checks import check_accounts
from crm.orders.services.gate import change_order, place_order
from crm.orders.services.handling import deliver_order, return_goods
from portal.accounts.models import User
from portal.foundation.models import SentForm
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.goods import make_prices, make_product, make_warehouse, receive
from tests.crm.naive import Plain, PlainCustomer
from tests.crm.writing import fresh, make_customer

STOCK, LIMIT = 120, 900_000
Tell = Callable[[Plain], bool]
SECONDS, CLIENTS = 60, 16


def never(_plain: Plain) -> bool:
    """What could not even be asked."""
    return False


@dataclass
class World:
    """The real one: what there is to act on."""

    actor: User
    products: list[Product]
    customers: list[Customer]
    random: Random
    last: Tell = never

    def act(self) -> Tell:
        """One random act through the services; returns the same act for the naive telling. Raises what the services refuse with."""
        random, customer = self.random, self.random.choice(self.customers)
        kind = random.choices(["place", "change", "cancel", "deliver", "return", "pay", "bounce", "limit", "merge"], [8, 3, 1, 5, 2, 3, 2, 2, 0.1])[0]
        if kind == "place":
            wanted = {product.pk: random.randrange(1, 30) for product in random.sample(self.products, random.randrange(1, 3))}
            return self.place(customer, wanted)
        if kind in ("change", "cancel", "deliver", "return"):
            return self.on_an_order(kind)
        if kind == "pay":
            fen = random.randrange(1, 400_000)
            book_payment(customer, actor=self.actor, fen=fen, came_on=today(), reference=str(uuid4()), key=uuid4())
            return lambda plain: plain.pay(customer.pk, fen)
        if kind == "bounce":
            payments = list(Payment.objects.filter(account__customer=customer).order_by("pk"))
            if not payments:
                raise OrdersError("nothing was paid")
            place = random.randrange(len(payments))
            told = payments[place].pk
            self.last = lambda plain: plain.bounce(customer.pk, place)
            bounce_payment(Payment.objects.select_related("account").get(pk=told), actor=self.actor)
            return self.last
        if kind == "limit":
            fen = random.randrange(0, LIMIT)
            set_terms(customer, actor=self.actor, limit=fen, term_days=30, grace_days=0)
            return lambda plain: plain.limit(customer.pk, fen)
        other = random.choice(self.customers)
        self.last = lambda plain: plain.merge(customer.pk, other.pk)
        merge_customers(customer, other, actor=self.actor)
        return self.last

    def place(self, customer: Customer, wanted: dict[int, int]) -> Tell:
        self.last = lambda plain: plain.place("", customer.pk, dict(wanted))
        made = place_order(actor=self.actor, customer=customer, warehouse=make_warehouse(), wanted_on=today(), quantities=wanted, key=uuid4())
        return lambda plain: plain.place(made.number, customer.pk, dict(wanted))

    def on_an_order(self, kind: str) -> Tell:
        numbers = list(Order.objects.order_by("pk").values_list("pk", flat=True))
        if not numbers:
            raise OrdersError("nothing was ordered")
        order = Order.objects.get(pk=self.random.choice(numbers[-12:]))
        line = self.random.choice(list(order.lines.all()))
        quantity = self.random.randrange(1, 25)
        if kind in ("change", "cancel"):
            wanted = {self.random.choice(self.products).pk: quantity} if kind == "change" else {}
            self.last = lambda plain: plain.change(order.number, dict(wanted))
            change_order(order, actor=self.actor, quantities=wanted, wanted_on=today())
        elif kind == "deliver":
            self.last = lambda plain: plain.deliver(order.number, line.product_id, quantity)
            deliver_order(order, actor=self.actor, quantities={line.pk: quantity}, key=uuid4())
        else:
            self.last = lambda plain: plain.take_back(order.number, line.product_id, quantity)
            return_goods(order, actor=self.actor, quantities={line.pk: quantity}, reason="退", key=uuid4())
        return self.last


def begin(cast: Cast, portfolio: Portfolio, seed: int, customers: int = 3) -> tuple[World, Plain]:
    products = [make_product(cast, f"松涛{number}号", f"430100{number}") for number in range(3)]
    make_prices(cast, {product: 10_000 + 1_000 * place for place, product in enumerate(products)})
    people = [make_customer(portfolio, cast.salesperson, f"红星路{number}号烟酒店") for number in range(customers)]
    for product in products:
        receive(cast, product, make_warehouse(), STOCK)
    for one in people:
        set_terms(one, actor=fresh(cast.admin), limit=LIMIT, term_days=30, grace_days=0)
    plain = Plain(
        {product.pk: 10_000 + 1_000 * place for place, product in enumerate(products)},
        {product.pk: STOCK for product in products},
        {one.pk: PlainCustomer(LIMIT, one.pk) for one in people},
    )
    return World(fresh(cast.admin), products, people, Random(seed)), plain


def assert_same(plain: Plain) -> None:
    accounts = {one.customer_id: (one.limit, one.promised, one.owed, one.advance) for one in CreditAccount.objects.all()}
    assert accounts == {pk: (one.limit, plain.promised_to(pk), one.owed, one.advance) for pk, one in plain.customers.items()}
    stocks = {row.product_id: (row.on_hand, row.promised) for row in Stock.objects.all()}
    assert stocks == {product: (number, plain.promised(product)) for product, number in plain.on_hand.items()}
    orders = {one.number: (one.state, one.total) for one in Order.objects.all()}
    totals = {number: sum((line.quantity - line.cancelled) * line.fen for line in one.lines.values()) for number, one in plain.orders.items()}
    assert orders == {number: (one.state, totals[number]) for number, one in plain.orders.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_step_agrees_with_a_naive_telling(cast: Cast, portfolio: Portfolio, seed: int) -> None:
    world, plain = begin(cast, portfolio, seed)
    done = refused = 0
    for _turn in range(70):
        world.last = never
        try:
            with transaction.atomic():
                tell = world.act()
        except (OrdersError, CustomersError):
            assert not world.last(plain), "the naive telling would have allowed it"
            refused += 1
        else:
            assert tell(plain), "the naive telling would have refused it"
            done += 1
        assert_same(plain)
    assert done > 20
    assert refused > 5
    assert check_accounts().differences == 0


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_sixteen_clients_agree_with_the_telling_while_connections_are_cut(cast: Cast, portfolio: Portfolio) -> None:
    """Who holds the locks of an act takes its place in line before letting go, so acts on the same rows are told in the order in which they were done."""
    world, plain = begin(cast, portfolio, 1, customers=5)
    over, until = Event(), time.monotonic() + SECONDS

    def client(seed: int) -> tuple[list[tuple[UUID, Tell]], list[str]]:
        mine = World(world.actor, world.products, world.customers, Random(seed))
        unsure: list[tuple[UUID, Tell]] = []
        faults: list[str] = []
        while time.monotonic() < until:
            token, tell = uuid4(), None
            try:
                with transaction.atomic():
                    tell = mine.act()
                    SentForm.objects.create(sender=mine.actor.pk, key=token, digest="", answer="")
            except (OrdersError, CustomersError):
                continue
            except (DatabaseError, InterfaceError) as error:
                if "terminat" not in str(error) and "closed" not in str(error):
                    faults.append(repr(error))
                connection.close()
            if tell is not None:  # also where the answer to the commit was lost
                unsure.append((token, tell))
        connection.close()
        return unsure, faults

    def cut() -> int:
        """Every other second somebody's connection breaks in the middle of whatever they do."""
        cuts = 0
        try:
            while not over.wait(1.5):
                with connection.cursor() as cursor:
                    cursor.execute("SET ROLE gongfang_owner")
                    cursor.execute("""
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                            AND usename = session_user AND state IN ('active', 'idle in transaction') AND xact_start IS NOT NULL
                        ORDER BY random() LIMIT 1
                    """)
                    cuts += cursor.rowcount
        finally:
            connection.close()
        return cuts

    with ThreadPoolExecutor(CLIENTS + 1) as pool:
        cutter = pool.submit(cut)
        answers = list(pool.map(client, range(CLIENTS)))
        over.set()
        cuts = cutter.result()
    assert [fault for _mine, faults in answers for fault in faults] == [], "a deadlock, or a rule of the database that the services did not foresee"
    places = dict(SentForm.objects.values_list("key", "pk"))
    told = sorted((places[token], number, tell) for number, (token, tell) in enumerate(one for mine, _faults in answers for one in mine) if token in places)
    assert cuts > 5
    assert len(told) > 100
    for _place, _number, tell in told:
        assert tell(plain), "an act was let through that the naive telling refuses"
    assert_same(plain)
    assert check_accounts().differences == 0
