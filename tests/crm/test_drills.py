"""Drill D2 of orders: whatever is killed while several people order, change their mind and are paid, each order that was answered is there once."""

import re
import threading
from random import Random
from typing import Any
from uuid import uuid4

import pytest

from crm.catalogue.services.checks import STOCK
from crm.orders.services.checks import ACCOUNTS
from portal.organization.querysets import today
from tests.depth import deep
from tests.runtime.portal_process import PATIENCE, Browser, PortalProcess, look, portal_process, wait_until

pytestmark = pytest.mark.drill
KEEPER, PASSWORD = "10001", "gongfang-2026"
KILLED = (("postgres",), ("celery", "worker"), ("granian",), ("valkey-server",), ("postgres",), ("granian",))[: deep(6, part=3)]
CLIENTS, BETWEEN = 4, 3  # people who order, and orders of each between two kills
CUSTOMERS = """
    SELECT id FROM customers_customer WHERE root_id = id AND kind = 'retailer' AND ended_on IS NULL AND licence_ends_on > current_date + 30
    ORDER BY code DESC LIMIT %s
"""
GOODS = """
    SELECT product_id, warehouse_id FROM catalogue_stock JOIN catalogue_product product ON product.id = product_id
    WHERE product.ended_on IS NULL ORDER BY on_hand - promised DESC LIMIT 1
"""
ORDERS = (
    "SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT FROM orders_orderline l WHERE l.order_id = o.id)) FROM orders_order o WHERE customer_id = %s"
)


class OrderTaker(threading.Thread):
    """Takes orders of one customer, each again with its key until it is answered, and cancels some."""

    def __init__(self, portal: PortalProcess, customer: int, goods: tuple[int, int]) -> None:
        super().__init__(daemon=True)
        self.browser, self.customer, self.goods, self.random = Browser(portal.address), customer, goods, Random(customer)
        self.ended, self.taken, self.refused, self.odd = threading.Event(), 0, 0, set[int]()

    def run(self) -> None:
        while not self.ended.is_set():
            self.place()
            if self.random.randrange(3) == 0:
                self.cancel_one()

    def place(self) -> None:
        product, warehouse = self.goods
        fields = {f"q-{product}": str(self.random.randrange(1, 4)), f"u-{product}": "carton", "act": "confirm", "form_key": str(uuid4())}
        fields |= {"wanted_on": today().isoformat(), "warehouse": str(warehouse)}
        status = self.until_answered(f"/crm/orders/new/{self.customer}/", **fields)
        self.taken += status == 200
        self.refused += status == 422

    def cancel_one(self) -> None:
        status, page = self.browser.get(f"/crm/orders/?customer={self.customer}")
        if status == 200 and (found := re.search(r"/crm/orders/(\d+)/", page)):
            self.browser.post(f"/crm/orders/{found[1]}/cancel/")

    def until_answered(self, path: str, **fields: str) -> int:
        while True:
            status, _page = self.browser.post(path, **fields)
            if status in (200, 422):
                return status
            self.odd.add(status)
            if self.ended.wait(0.3):
                return self.until_answered_at_last(path, **fields)

    def until_answered_at_last(self, path: str, **fields: str) -> int:
        answers: list[int] = []

        def is_answered() -> bool:
            answers.append(self.browser.post(path, **fields)[0])
            return answers[-1] in (200, 422)

        wait_until(is_answered, PATIENCE)
        return answers[-1]


def test_whatever_is_killed_each_order_is_there_once_and_every_sum_holds() -> None:
    with portal_process() as portal:
        portal.start()
        with look(portal) as connection:
            customers = [pk for (pk,) in connection.execute(CUSTOMERS, [CLIENTS]).fetchall()]
            goods: Any = connection.execute(GOODS).fetchone()
            there = {pk: connection.execute(ORDERS, [pk]).fetchone()[0] for pk in customers}
        takers = [OrderTaker(portal, customer, goods) for customer in customers]
        for taker in takers:
            taker.browser.sign_in(KEEPER, PASSWORD)
            terms = {"limit": "10,000,000", "term_days": "30", "grace_days": "3"}
            assert taker.browser.post(f"/crm/accounts/{taker.customer}/terms/", **terms)[0] == 200
            taker.start()
        for words in KILLED:
            _wait_for_more(takers)
            portal.child(*words).kill()
        _wait_for_more(takers)
        for taker in takers:
            taker.ended.set()
        for taker in takers:
            taker.join(PATIENCE)
            assert not taker.is_alive()
        with look(portal) as connection:
            for taker in takers:
                assert connection.execute(ORDERS, [taker.customer]).fetchone() == (there[taker.customer] + taker.taken, 0)
            for sums in (ACCOUNTS, STOCK):
                assert connection.execute(sums).fetchall() == []
        assert {status for taker in takers for status in taker.odd} <= {0, 500, 502, 503}


def _wait_for_more(takers: list[OrderTaker]) -> None:
    before = [taker.taken for taker in takers]
    wait_until(lambda: all(taker.taken >= count + BETWEEN for taker, count in zip(takers, before, strict=True)), PATIENCE)
