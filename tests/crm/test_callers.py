"""A number leads to the customer, for those who may know whose it is."""

import pytest

from crm.customers.callers import callers
from crm.customers.models import Customer
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.writing import fresh, let_read, make_contact, make_customer


@pytest.mark.parametrize("number", ["13807316620", "０１３８ ０７３１ ６６２０", "+86 138-0731-6620", "013807316620"])
def test_a_number_as_the_telephone_shows_it_leads_to_whose_it_is(cast: Cast, customer: Customer, number: str) -> None:
    contact = make_contact(customer, cast.salesperson)
    [caller] = callers(fresh(cast.salesperson), number)
    assert (caller.customer, caller.contact) == (customer, contact)
    assert callers(fresh(cast.inspector), number) == []
    assert callers(let_read(cast.operator, cast.admin), number) == []


def test_a_person_who_does_not_agree_is_not_known_by_their_number(cast: Cast, customer: Customer) -> None:
    make_contact(customer, cast.salesperson, agrees=False)
    assert callers(fresh(cast.salesperson), "13807316620") == []
    customer.contacts.update(agreed_on=today(), ended_on=today())
    assert callers(fresh(cast.salesperson), "13807316620") == []


def test_the_page_opens_the_only_one_and_lists_several(client_for, cast: Cast, portfolio, customer: Customer) -> None:
    client = client_for(cast.salesperson)
    assert client.get("/crm/callers/", {"number": "0731-85123307转9"}).url == customer.get_absolute_url()
    other = make_customer(portfolio, cast.salesperson, "南门口惠民便利店")
    page = client.get("/crm/callers/", {"number": "073185123307"}).content.decode()
    assert customer.name in page
    assert other.name in page
    assert client.get("/crm/callers/", {"number": "没有"}).status_code == 422
    assert client.get("/crm/callers/", {"number": "13900000000"}).status_code == 200
    assert client_for(cast.inspector).get("/crm/callers/").status_code == 403
