"""Leads and opportunities as tests write them."""

from datetime import timedelta
from typing import Any

from crm.customers.models import Customer
from crm.sales.models import Opportunity, Stage
from crm.sales.services.opportunities import close_opportunity, move_opportunity, open_opportunity
from portal.organization.querysets import today
from tests.crm.writing import fresh


def open_sale(customer: Customer, actor: Any, name: str = "新品专柜", **values: Any) -> Opportunity:
    """A relationship sale of 36,000.00, expected in a month."""
    defaults = {"kind": "relationship", "amount": 3_600_000, "expected_on": today() + timedelta(days=30)}
    return open_opportunity(actor=fresh(actor), customer=customer, name=name, **(defaults | values))


def stages(kind: str = "relationship") -> list[Stage]:
    return list(Stage.objects.of(kind))


def move(sale: Opportunity, actor: Any, place: int, **values: Any) -> Opportunity:
    """Into the stage at this place of its kind, counted from nought."""
    return move_opportunity(sale, actor=fresh(actor), stage=stages(sale.kind)[place], **values)


def close(sale: Opportunity, actor: Any, state: str = "won", cause: str = "price") -> Opportunity:
    return close_opportunity(sale, actor=fresh(actor), state=state, cause=cause)
