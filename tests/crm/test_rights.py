"""Who sees which customers, and how people there are reached."""

from datetime import timedelta

import pytest

from crm.customers.duplicates import alike
from crm.customers.errors import CustomersError
from crm.customers.models import Customer
from crm.customers.reading import read_changes, read_file
from crm.customers.services.dealings import note_dealing
from portal.access.policies import can, viewers_of, visible_to
from portal.organization.querysets import today
from portal.organization.services.deputyships import appoint_deputy
from tests.cast import Cast
from tests.crm.writing import fresh, let_keep, let_read, make_contact, make_customer, make_portfolio


def test_decisions_rows_and_viewers_say_the_same(cast: Cast, customer: Customer) -> None:
    other = make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1"), cast.inspector, "南门口惠民便利店")
    let_read(cast.operator, cast.admin)
    let_keep(cast.director, cast.admin)
    sees = {customer.pk: {"孙丽", "张强", "陈刚"}, other.pk: {"王伟", "张强", "陈刚"}}
    for row in (customer, other):
        row = Customer.objects.select_related("portfolio").get(pk=row.pk)
        people = {person.name for person in cast.everyone if can(fresh(person), "view", row) and not person.is_superuser}
        assert people == sees[row.pk]
        assert people == {person.name for person in viewers_of(row) if not person.is_superuser}
        assert people == {person.name for person in cast.everyone if row in visible_to(Customer, fresh(person)) and not person.is_superuser}


def test_whoever_looks_up_sees_no_way_to_reach_people(client_for, cast: Cast, customer: Customer) -> None:
    make_contact(customer, cast.salesperson)
    note_dealing(customer, actor=fresh(cast.salesperson), kind="call", text="询问松涛（典藏）能否多给")
    clerk = let_read(cast.operator, cast.admin)
    for person, knows in ((cast.salesperson, True), (clerk, False)):
        client = client_for(fresh(person))
        for path in (customer.get_absolute_url(), f"{customer.get_absolute_url()}history/"):
            page = client.get(path).content.decode()
            assert ("138 0731 6620" in page, "松涛" in page) == (knows, knows and "history" not in path)
        assert client.post(f"{customer.get_absolute_url()}change/", {}).status_code == (422 if knows else 403)
        found = alike(fresh(person), phones=["13807316620"])
        assert bool(found) == knows, "whose number it is may not be tried out"
        assert any(one.about == "李秀兰" for one in read_changes(customer, fresh(person))) == knows


def test_a_number_is_shown_while_its_owner_agrees(cast: Cast, customer: Customer) -> None:
    make_contact(customer, cast.salesperson, agrees=False)
    file = read_file(customer, fresh(cast.salesperson))
    assert file is not None
    [person] = file.people
    assert (person.points, bool(person.hidden)) == ([], True)
    customer.contacts.update(agreed_on=today() - timedelta(days=9), agreed_until=today())
    file = read_file(customer, fresh(cast.salesperson))
    assert file is not None
    assert [str(point) for point in file.people[0].points] == ["138 0731 6620"]


def test_who_stands_in_for_the_holder_works_with_the_portfolio(cast: Cast, customer: Customer) -> None:
    post = cast.salesperson.employments.get()
    appoint_deputy(post, deputy=cast.operator, starts_on=today(), ends_on=today(), actor=cast.admin)
    assert can(fresh(cast.operator), "change", customer)
    assert not can(fresh(cast.inspector), "view", customer)


def test_a_customer_of_another_portfolio_is_not_named_by_a_refusal(cast: Cast, customer: Customer) -> None:
    other = make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1")
    with pytest.raises(CustomersError) as refusal:
        make_customer(other, cast.inspector, "甲店", licence_no=customer.licence_no)
    assert customer.name not in str(refusal.value)
    assert not alike(fresh(cast.inspector), name=customer.name)
    assert alike(fresh(cast.salesperson), name="红星路金穗便利店")
    for near in ("红星路金惠烟酒商行", "红星金穗烟酒商行", "长沙红星路金穗烟酒商行"):
        [found] = alike(fresh(cast.salesperson), name=near)
        assert (found.customer, [str(why) for why in found.why]) == (customer, ["名称相近"])
        assert not alike(fresh(cast.inspector), name=near)


def test_an_export_has_what_is_shown_and_no_telephone(client_for, cast: Cast, customer: Customer) -> None:
    make_contact(customer, cast.salesperson)
    client = client_for(cast.salesperson)
    assert "红星路金穗烟酒商行" in client.get("/crm/customers/?q=hxljs").content.decode()
    answer = client.post("/crm/customers/", {"export": "csv"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = content.decode("utf-8-sig")
    assert "红星路金穗烟酒商行" in text
    assert "6620" not in text
