"""The customers' site as tests enter it: the other face in the same process, and people of customers who are in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.test import Client, override_settings

from crm.customers.models import Customer
from crm.extranet.models import Account
from crm.extranet.services.accounts import accept, invite
from crm.extranet.services.signing_in import begin
from portal.config.extranet import extranet_settings
from portal.outbox.services import drain
from tests.crm.writing import fresh

PASSWORD = "shop-on-red-star-9"
COOKIE = "gongfang_customers"


@contextmanager
def outside() -> Iterator[None]:
    """Addresses, middleware, templates and cookies as a process with PORTAL_FACE=extranet has them."""
    with override_settings(**extranet_settings(settings.BASE_DIR)):
        yield


def work_inside() -> None:
    """What waits is carried out by a worker, which is of the intranet."""
    with override_settings(ROOT_URLCONF="portal.config.urls"):
        drain()


def make_account(customer: Customer, actor: Any, name: str = "李秀兰", login: str = "13807316620", *, is_first: bool = True) -> Account:
    """Invited by whoever holds the portfolio, and accepted."""
    invitation = invite(actor=fresh(actor), customer=customer, name=name, login=login, is_first=is_first)
    return accept(invitation, login=login, password=PASSWORD)


def browser_of(account: Account) -> Client:
    """A telephone in which they are signed in. Made outside, it belongs to the customers' site."""
    client = Client()
    token, _row = begin(account, address="192.0.2.9", agent="Mozilla/5.0 (Linux; Android 14) Chrome/128 Mobile")
    client.cookies[COOKIE] = token
    return client
