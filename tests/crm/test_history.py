"""A file as it stood on any day, and what was changed since."""

from datetime import timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from crm.customers.errors import ChangedMeanwhileError, CustomersError
from crm.customers.models import ContactVersion, Customer, CustomerVersion, ReachPointVersion
from crm.customers.reading import SaidChange, read_changes
from portal.foundation.history import changed_by
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.writing import change, fresh, make_contact, make_customer, seen_now


def test_versions_mirror_every_column_of_their_rows(cast: Cast, customer: Customer) -> None:
    make_contact(customer, cast.salesperson)
    for versions in (CustomerVersion, ContactVersion, ReachPointVersion):
        for version in versions.objects.open():
            row = versions.of._default_manager.get(pk=version.row)
            assert {field.attname: getattr(version.as_row(), field.attname) for field in row._meta.concrete_fields} == {
                field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields
            }


def test_who_changed_it_and_why_stand_beside_the_version(cast: Cast, customer: Customer) -> None:
    change(customer, cast.salesperson, address="长沙市天心区红星路88号", reason="店面搬迁")
    latest, first = _of_the_file(customer, cast)
    assert (latest.who, latest.reason) == ("孙丽", "店面搬迁")
    [(_label, before, after)] = latest.lines
    assert (before, after) == ("长沙市天心区红星路86号", "长沙市天心区红星路88号")
    assert first.is_first
    assert first.who == "孙丽"
    with transaction.atomic():
        changed_by(None)
        Customer.objects.filter(pk=customer.pk).update(remark="由程序更正")
    assert _of_the_file(customer, cast)[0].who != "孙丽"


def _of_the_file(customer: Customer, cast: Cast) -> list[SaidChange]:
    """Without telephones and people, newest first."""
    return [one for one in read_changes(customer, fresh(cast.salesperson)) if one.model is Customer]


def test_nothing_that_was_known_is_changed_or_removed(customer: Customer) -> None:
    for statement in ("UPDATE customers_customer_version SET name = 'x'", "DELETE FROM customers_customer_version"):
        with pytest.raises((InternalError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_change_without_effect_leaves_no_version(cast: Cast, customer: Customer) -> None:
    before = CustomerVersion.objects.count()
    change(customer, cast.salesperson, address=customer.address)
    customer.save()
    assert CustomerVersion.objects.count() == before


def test_two_people_who_change_different_fields_both_hold(cast: Cast, customer: Customer) -> None:
    seen = seen_now(customer)
    change(customer, cast.salesperson, seen=seen, address="红星路90号", market=customer.market)
    change(customer, cast.admin, seen=seen, address=customer.address, market="country")
    customer.refresh_from_db()
    assert (customer.address, customer.market) == ("红星路90号", "country")


def test_of_two_who_change_the_same_field_the_second_sees_what_the_first_wrote(cast: Cast, customer: Customer) -> None:
    seen = seen_now(customer)
    change(customer, cast.salesperson, seen=seen, address="红星路90号")
    with pytest.raises(ChangedMeanwhileError) as refusal:
        change(customer, cast.admin, seen=seen, address="红星路99号")
    assert "红星路90号" in refusal.value.fields["address"]
    assert "孙丽" in str(refusal.value)
    change(customer, cast.admin, seen=refusal.value.seen, address="红星路99号")
    customer.refresh_from_db()
    assert customer.address == "红星路99号"


def test_the_page_shows_the_file_of_a_past_day(client_for, cast: Cast, customer: Customer) -> None:
    client = client_for(cast.salesperson)
    yesterday = today() - timedelta(days=1)
    answer = client.get(customer.get_absolute_url(), {"on": yesterday.isoformat()})
    assert answer.status_code == 200
    assert answer.context["file"] is None, "nothing was known of it yet"
    with transaction.atomic():
        changed_by(None)
        _begin_earlier(customer, days=9, name="金穗食杂店")
    answer = client.get(customer.get_absolute_url(), {"on": yesterday.isoformat()})
    assert answer.context["file"].customer.name == "金穗食杂店"
    assert "金穗食杂店" in answer.content.decode()
    assert client.get(customer.get_absolute_url(), {"on": "2026-02-30"}).status_code == 200


def _begin_earlier(customer: Customer, *, days: int, name: str) -> None:
    """As if the file had been there some days before, under another name."""
    known = CustomerVersion.objects.open().get(row=customer.pk)
    begun = timezone.now() - timedelta(days=days)
    values = {field.attname: getattr(known, field.attname) for field in known._meta.concrete_fields if field.attname not in ("version", "known")}
    CustomerVersion.objects.create(**{**values, "name": name, "known": (begun, known.known.lower)})


def test_what_is_refused_has_a_sentence(cast: Cast, portfolio, customer: Customer) -> None:
    other = make_customer(portfolio, cast.salesperson, "南门口惠民便利店")
    with pytest.raises(CustomersError, match="红星路金穗烟酒商行"):
        change(other, cast.salesperson, licence_no=customer.licence_no)
    with pytest.raises(CustomersError):
        change(customer, cast.inspector, address="x")
    with pytest.raises(CustomersError):
        change(customer, cast.salesperson, seen=10**9, address="x")
