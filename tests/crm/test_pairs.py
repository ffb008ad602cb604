"""What may be twice in the file is found by night, and told apart or merged by day."""

import pytest

from crm.customers.errors import CustomersError
from crm.customers.models import Customer, Pair
from crm.customers.services.merges import merge_customers
from crm.customers.services.pairs import look_for_pairs, open_pairs, tell_apart
from tests.cast import Cast
from tests.crm.writing import fresh, let_keep, make_customer, make_portfolio


def test_the_night_finds_each_pair_once_by_what_says_it_best(client_for, cast: Cast, portfolio, customer: Customer) -> None:
    same = make_customer(portfolio, cast.salesperson, "红星路金穗便利店", numbers=["0731-86000001"])
    sound = make_customer(portfolio, cast.salesperson, "红星路今穗烟酒商行", numbers=["0731-86000002"])
    phone = make_customer(portfolio, cast.salesperson, "白沙路佳佳超市")
    near = make_customer(portfolio, cast.salesperson, "红旗路金穗商行", numbers=["0731-86000004"])
    make_customer(portfolio, cast.salesperson, "书院路惠民超市", numbers=["0731-86000003"])
    assert look_for_pairs() == 6
    assert look_for_pairs() == 0
    found = {(pair.one_id, pair.other_id): pair.why for pair in Pair.objects.all()}
    assert found == {
        (customer.pk, same.pk): "name",
        (customer.pk, sound.pk): "sound",
        (customer.pk, near.pk): "near",
        (same.pk, sound.pk): "near",
        (same.pk, near.pk): "near",
        (customer.pk, phone.pk): "phone",
    }
    keeper = let_keep(cast.operator, cast.admin)
    client = client_for(keeper)
    page = client.get("/crm/duplicates/").content.decode()
    assert all(row.name in page for row in (same, sound, phone))
    pair = Pair.objects.get(other=phone)
    assert client_for(cast.salesperson).post(f"/crm/duplicates/{pair.pk}/apart/").status_code == 403
    assert client_for(cast.inspector).post(f"/crm/duplicates/{pair.pk}/apart/").status_code == 404
    assert client.post(f"/crm/duplicates/{pair.pk}/apart/").status_code == 302
    merge_customers(customer, same, actor=keeper)
    assert [pair.other for pair in open_pairs(keeper)] == [near, sound]
    assert look_for_pairs() == 0, "what was said is not asked again"


def test_so_many_share_a_name_that_it_says_nothing_and_a_night_is_bounded(cast: Cast, portfolio) -> None:
    for number in range(9):
        make_customer(portfolio, cast.salesperson, "好邻居便利店", numbers=[f"0731-8600000{number}"])
    assert look_for_pairs() == 0
    for number in range(2):
        for shop in range(2):
            make_customer(portfolio, cast.salesperson, f"门面{'一二'[number]}", numbers=[f"0731-8700{number}00{shop}"])
    assert [look_for_pairs(most=1), look_for_pairs(most=1), look_for_pairs(most=1)] == [1, 1, 0]


def test_a_pair_is_for_who_sees_both(cast: Cast, customer: Customer) -> None:
    make_customer(make_portfolio(cast, "城北一线", holder=cast.inspector, code="CB1"), cast.inspector, "红星路金穗便利店", numbers=["0731-86000001"])
    look_for_pairs()
    assert not open_pairs(fresh(cast.salesperson))
    with pytest.raises(CustomersError):
        tell_apart(Pair.objects.get(), actor=fresh(cast.salesperson))
