"""Requests and objections as tests write them."""

from typing import Any

from crm.customers.models import Customer
from crm.service.capabilities import KEEP_RULES, WORK_AT_DESK
from crm.service.models import Request
from crm.service.services.requests import answer_request, note_request, solve_request, wait_for_customer
from crm.service.services.rules import set_response_rule
from portal.accounts.models import User
from tests.cast import Cast
from tests.crm.goods import let
from tests.crm.writing import fresh, let_read


def at_desk(cast: Cast, person: User) -> User:
    """Works at the service desk and looks customers up."""
    let_read(person, cast.admin)
    return let(person, WORK_AT_DESK, cast.admin)


def ask(actor: Any, customer: Customer | None, text: str = "典藏缺货，什么时候到？", **values: Any) -> Request:
    defaults = {"kind": "supply", "channel": "phone"}
    return note_request(actor=fresh(actor), customer=customer, text=text, **(defaults | values))


def furnish_service(cast: Cast, customer: Customer) -> list[str]:
    """Something of each, for 孙丽; their addresses."""
    person = let(cast.salesperson, KEEP_RULES, cast.admin)
    set_response_rule(actor=person, kind="supply", tier="key", answer_hours=4, solve_hours=16)
    asked, solved = ask(person, customer), ask(person, customer, "怎样在手机上订货", kind="ordering")
    solve_request(solved, actor=person, text="电话里带着做了一遍。")
    answer_request(asked, actor=person, text="在途，周四到。")
    wait_for_customer(asked, actor=person, reason="等店主清点库存")
    at = asked.get_absolute_url()
    return [
        "/crm/service/", "/crm/service/?clock=late", "/crm/service/new/", "/crm/service/rules/", "/crm/service/rules/responses/new/", at, f"{at}wait/",
        f"{at}solution/", f"{at}handover/", solved.get_absolute_url(), f"{solved.get_absolute_url()}reopen/",
    ]  # fmt: skip
