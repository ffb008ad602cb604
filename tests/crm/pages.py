"""The pages of the CRM, with one of each to see; and what is photographed of them."""

from datetime import timedelta

from crm.customers.services.dealings import note_dealing
from portal.accounts.models import User
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.writing import LICENCE, change, fresh, let_keep, make_contact, make_customer, make_portfolio

SHOTS = (
    ("customers", "/crm/customers/"),
    ("customer", "main table tbody a"),
)


def furnish(cast: Cast) -> tuple[User, list[str]]:
    """孙丽 holds a portfolio and keeps the file."""
    portfolio = make_portfolio(cast)
    let_keep(cast.salesperson, cast.admin)
    customer = make_customer(portfolio, cast.salesperson, licence_no=LICENCE, licence_ends_on=today() + timedelta(days=20), remark="周二订货，上午接货。")
    make_customer(portfolio, cast.salesperson, "红星路金穗便利店", licence_ends_on=today() - timedelta(days=3))
    contact = make_contact(customer, cast.salesperson)
    change(customer, cast.salesperson, name="红星路金穗名烟名酒", reason="招牌更换")
    actor = fresh(cast.salesperson)
    note_dealing(customer, actor=actor, kind="call", text="询问松涛（典藏）能否多给", promise="典藏货源答复", due_on=today() - timedelta(days=1))
    note_dealing(customer, actor=actor, kind="complaint", text="上周少送一条")
    at, of = customer.get_absolute_url(), f"/crm/portfolios/{portfolio.pk}/"
    return cast.salesperson, [
        "/crm/customers/", "/crm/customers/?q=没有的", "/crm/customers/new/", at, f"{at}?on=2026-03-03", f"{at}history/", f"{at}change/", f"{at}portfolio/",
        f"{at}contacts/new/", f"{at}contacts/{contact.pk}/", f"{at}dealings/new/", "/crm/portfolios/", "/crm/portfolios/new/", of, f"{of}handover/",
    ]  # fmt: skip
