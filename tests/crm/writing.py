"""Portfolios and customers as tests write them."""

from datetime import timedelta
from typing import Any

from crm.customers.capabilities import KEEP_CUSTOMERS, READ_CUSTOMERS
from crm.customers.identifiers import read_phone
from crm.customers.models import Contact, Customer, CustomerVersion, Portfolio
from crm.customers.services.customers import change_customer, create_customer, keep_contact
from crm.customers.services.portfolios import create_portfolio, hand_over
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.organization.models import Department
from portal.organization.querysets import today
from tests.cast import Cast

LICENCE = "430103112086"


def fresh(person: User) -> User:
    """The person with today's rights."""
    return User.objects.get(pk=person.pk)


def make_portfolio(cast: Cast, name: str = "城南三线", *, holder: User | None = None, code: str = "CN3", department: Department | None = None) -> Portfolio:
    """Of 销售科, held by 孙丽 unless somebody else is named."""
    portfolio = create_portfolio(actor=cast.admin, code=code, name=name, department=department or cast.sales)
    hand_over(portfolio, actor=cast.admin, to=holder or cast.salesperson, starts_on=today())
    return portfolio


def make_customer(portfolio: Portfolio, actor: Any, name: str = "红星路金穗烟酒商行", **values: Any) -> Customer:
    """A retailer in town, with a shop's telephone."""
    phones = [read_phone(number) for number in values.pop("numbers", ["0731-85123307"])]
    defaults = {"kind": "retailer", "market": "town", "trade": "tobacco", "address": "长沙市天心区红星路86号"}
    return create_customer(actor=fresh(actor), portfolio=portfolio, name=name, phones=phones, **(defaults | values))


def make_contact(customer: Customer, actor: Any, name: str = "李秀兰", *, numbers: tuple[str, ...] = ("138 0731 6620",), agrees: bool = True) -> Contact:
    agreed = {"agreed_on": today() - timedelta(days=9), "purpose": "订货与送货"} if agrees else {}
    return keep_contact(customer, actor=fresh(actor), name=name, role="店主", phones=[read_phone(number) for number in numbers], **agreed)


def seen_now(customer: Customer) -> int:
    """The version that is known now."""
    return CustomerVersion.objects.open().get(row=customer.pk).version


def change(customer: Customer, actor: Any, *, seen: int | None = None, **values: Any) -> Customer:
    return change_customer(customer, actor=fresh(actor), seen=seen_now(customer) if seen is None else seen, **values)


def let_read(person: User, admin: User) -> User:
    """May look up every customer."""
    grant_capability(READ_CUSTOMERS, rule=AudienceRule.of([person_token(person.pk)]), actor=admin)
    return fresh(person)


def let_keep(person: User, admin: User) -> User:
    """Keeps the file."""
    grant_capability(KEEP_CUSTOMERS, rule=AudienceRule.of([person_token(person.pk)]), actor=admin)
    return fresh(person)
