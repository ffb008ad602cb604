"""Who may open what of the CRM, and a thing for each address to be about."""

from datetime import timedelta
from typing import Any

from crm.customers.services.dealings import note_dealing
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.writing import fresh, make_contact, make_customer, make_portfolio
from tests.permissions.roles import ADMINISTRATORS
from tests.permissions.rules import DONE, UNSEEN, Answers, act, form, page

KEEPERS = {"head", "deputy", "admin"}  # 李敏 heads the department of the portfolio, 赵静 stands in for her
WRITERS = {"inspector", *KEEPERS}  # 王伟 holds it
HOLDS: Answers = {**UNSEEN, "inspector": 403}

ADDRESSES = [
    form("crm:customer_list", WRITERS, outcome=DONE),
    form("crm:customer_create", WRITERS),
    page("crm:customers_alike", WRITERS),
    page("crm:customer_detail", WRITERS, "crm_customer", refusal=UNSEEN),
    page("crm:customer_history", WRITERS, "crm_customer", refusal=UNSEEN),
    form("crm:customer_update", WRITERS, "crm_customer", refusal=UNSEEN),
    form("crm:customer_move", KEEPERS, "crm_customer", refusal=HOLDS),
    form("crm:contact_create", WRITERS, "crm_customer", refusal=UNSEEN),
    form("crm:contact_update", WRITERS, "crm_customer crm_contact", refusal=UNSEEN),
    form("crm:dealing_create", WRITERS, "crm_customer", refusal=UNSEEN),
    act("crm:promise_kept", WRITERS, "crm_customer crm_dealing", refusal=UNSEEN),
    form("crm:portfolio_list", WRITERS, outcome=DONE),
    form("crm:portfolio_create", ADMINISTRATORS),
    page("crm:portfolio_detail", WRITERS, "crm_portfolio", refusal=UNSEEN),
    form("crm:portfolio_update", KEEPERS, "crm_portfolio", refusal=HOLDS),
    form("crm:portfolio_handover", KEEPERS, "crm_portfolio", refusal=HOLDS),
]
EXCEPTIONS: dict[Any, Any] = {}
QUERIES: dict[str, int] = {}  # not everybody opens these pages


def make_things(cast: Cast) -> dict[str, Any]:
    """A portfolio of 质检科 that 王伟 holds, a customer in it with somebody to speak to, and something promised."""
    portfolio = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1", department=cast.quality)
    customer = make_customer(portfolio, cast.inspector)
    contact = make_contact(customer, cast.inspector)
    promise = note_dealing(customer, actor=fresh(cast.inspector), kind="call", text="来电", promise="回电", due_on=today() + timedelta(days=1))
    return {"crm_portfolio": portfolio.pk, "crm_customer": customer.pk, "crm_contact": contact.pk, "crm_dealing": promise.pk}
