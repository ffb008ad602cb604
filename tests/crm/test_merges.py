"""Two files become one and two again, and nothing is lost on the way."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from crm.customers.errors import CustomersError
from crm.customers.models import Customer, Merge, Portfolio
from crm.customers.panels import work_in
from crm.customers.reading import read_changes, read_file
from crm.customers.services.customers import keep_contact
from crm.customers.services.dealings import note_dealing
from crm.customers.services.merges import CHOSEN, merge_customers, undo_merge
from portal.access.policies import can, viewers_of, visible_to
from portal.accounts.models import User
from portal.organization.querysets import today
from tests.cast import Cast
from tests.crm.writing import LICENCE, change, fresh, let_keep, make_contact, make_customer
from tests.runtime.portal_process import PATIENCE, wait_until
from tests.search.indexing import another_session, is_somebody_waiting

OTHER_LICENCE = "430103112099"


@pytest.fixture
def keeper(cast: Cast) -> User:
    return let_keep(cast.operator, cast.admin)


@pytest.fixture
def double(cast: Cast, portfolio: Portfolio, customer: Customer) -> Customer:
    """The same shop, taken up a second time."""
    double = make_customer(
        portfolio, cast.salesperson, "红星路金穗便利店", licence_no=OTHER_LICENCE, numbers=["0731-85123399"], licence_ends_on=today() + timedelta(days=100)
    )
    make_contact(double, cast.salesperson, "周建军", numbers=("13907316621",))
    note_dealing(double, actor=fresh(cast.salesperson), kind="call", text="来电问货", promise="回电", due_on=today() + timedelta(days=1))
    return double


def surfaces(user: User, portfolio: Portfolio, client: Any) -> dict[str, Any]:
    """What a person sees of all files: rows, numbers, dealings, lists, work."""
    rows = {}
    for row in visible_to(Customer, user).order_by("pk"):
        file = read_file(row, user)
        assert file is not None
        rows[row.pk] = (
            {name: getattr(row, name) for name in (*CHOSEN, "code", "found_by", "kin_found_by", "portfolio_id", "root_id")},
            [(person.contact.pk, [point.pk for point in person.points]) for person in file.people],
            [point.pk for point in file.points],
            [dealing.pk for dealing in file.dealings],
            [dealing.pk for dealing in file.promises],
        )
    listed = sorted(row.pk for row in client.get("/crm/customers/?promised=any").context["page"].rows)
    return {"rows": rows, "work": [(one.customer.pk, one.text) for one in work_in([portfolio.pk])], "promised": listed}


def test_a_merge_keeps_every_name_and_number_and_its_undoing_leaves_nothing(client_for, cast: Cast, portfolio, customer, double, keeper) -> None:
    client = client_for(keeper)
    before = surfaces(keeper, portfolio, client)
    merge = merge_customers(customer, double, actor=keeper, take=["name", "licence_ends_on"], reason="同一家店")
    customer.refresh_from_db()
    assert (customer.name, customer.licence_no, customer.licence_ends_on) == ("红星路金穗便利店", LICENCE, today() + timedelta(days=100))
    file = read_file(customer, keeper)
    assert file is not None
    assert {str(point) for point in file.points} == {"0731-85123307", "0731-85123399"}
    assert [person.contact.name for person in file.people] == ["周建军"]
    assert [(one.customer, one.text) for one in work_in([portfolio.pk])] == [(customer, "回电")]
    for words in ("金穗烟酒商行", "hongxinglujinsuiyanjiu", double.code.lower(), OTHER_LICENCE, LICENCE):
        assert [row.pk for row in client.get("/crm/customers/", {"q": words}).context["page"].rows] == [customer.pk], words
    at = double.get_absolute_url()
    assert client.get(at).url == customer.get_absolute_url()
    assert client.get(f"{at}history/").url == f"{customer.get_absolute_url()}history/"
    assert not can(keeper, "view", Customer.objects.get(pk=double.pk))
    assert not viewers_of(Customer.objects.select_related("portfolio").get(pk=double.pk)).exists()
    assert any(customer.name in line for one in read_changes(customer, keeper) for line in one.lines)
    undo_merge(merge, actor=keeper)
    assert surfaces(keeper, portfolio, client) == before
    assert client.get(at).status_code == 200
    assert Merge.objects.get().undone_by == keeper


def test_what_is_written_after_a_merge_goes_to_whom_it_was_written_for(cast: Cast, customer, double, keeper) -> None:
    merge = merge_customers(customer, double, actor=keeper)
    [contact] = double.contacts.all()
    keep_contact(customer, actor=keeper, contact=contact, phones=[], name="周建军", role="店主", agreed_on=today())
    note_dealing(customer, actor=keeper, kind="note", text="合并后")
    undo_merge(merge, actor=keeper)
    assert [one.text for one in customer.dealings.all()] == ["合并后"]
    assert double.contacts.get().role == "店主"


@pytest.mark.parametrize("case", ["itself", "ring", "twice", "stranger", "seen"])
def test_a_merge_that_cannot_be_is_refused_with_a_sentence(cast: Cast, customer, double, keeper, case: str) -> None:
    one, other, actor, seen = customer, double, keeper, None
    if case == "itself":
        other = customer
    elif case == "stranger":
        actor = fresh(cast.salesperson)
    elif case == "seen":
        seen = [1, 2]
    else:
        merge_customers(customer, double, actor=keeper)
        one, other = (double, customer) if case == "ring" else (customer, double)
    with pytest.raises(CustomersError):
        merge_customers(one, other, actor=actor, seen=seen)
    assert Merge.objects.count() == (case in ("ring", "twice"))


def test_undoing_is_refused_where_a_field_that_was_taken_was_changed_since(cast: Cast, customer, double, keeper) -> None:
    merge = merge_customers(customer, double, actor=keeper, take=["name"])
    change(customer, keeper, remark="新备注")
    change(customer, keeper, name="金穗二店")
    with pytest.raises(CustomersError, match="金穗二店"):
        undo_merge(merge, actor=keeper)
    change(customer, keeper, name="红星路金穗便利店", earlier_names="")
    undo_merge(merge, actor=keeper)
    customer.refresh_from_db()
    assert (customer.name, customer.remark) == ("红星路金穗烟酒商行", "新备注")
    with pytest.raises(CustomersError):
        undo_merge(merge, actor=keeper)


def test_a_number_that_went_to_somebody_else_meanwhile_stops_the_undoing(cast: Cast, portfolio, customer, double, keeper) -> None:
    merge = merge_customers(customer, double, actor=keeper, take=["licence_no"])
    with pytest.raises(CustomersError):
        make_customer(portfolio, keeper, "别的店", licence_no=OTHER_LICENCE)
    make_customer(portfolio, keeper, "别的店", licence_no=LICENCE)
    with pytest.raises(CustomersError, match="别的店"):
        undo_merge(merge, actor=keeper)


@pytest.mark.parametrize("seed", range(4))
def test_any_chain_of_merges_and_undoings_is_what_the_living_merges_alone_would_make(cast: Cast, portfolio, keeper, seed: int) -> None:
    random = Random(seed)
    files = [make_customer(portfolio, keeper, f"门店{number}", address=f"红星路{number}号", remark=f"备注{number % 3}") for number in range(5)]
    base = {row.pk: _told(row) for row in files}
    for _turn in range(14):
        living = list(Merge.objects.filter(undone_at__isnull=True))
        roots = list(Customer.objects.unmerged())
        if len(roots) > 1 and (not living or random.random() < 0.6):
            one, other = random.sample(roots, 2)
            merge_customers(one, other, actor=keeper, take=random.sample(["name", "address", "remark"], random.randrange(4)))
        elif living:
            undo_merge(random.choice(living), actor=keeper)
        assert _as_if(base) == {row.pk: (_told(row), row.root_id) for row in Customer.objects.all()}
    for merge in random.sample(living := list(Merge.objects.filter(undone_at__isnull=True)), len(living)):
        undo_merge(merge, actor=keeper)
    assert {row.pk: (_told(row), row.root_id, row.kin_found_by) for row in Customer.objects.all()} == {pk: (told, pk, "") for pk, told in base.items()}


def _told(row: Customer) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("name", "address", "remark", "code", "earlier_names")}


def _as_if(base: dict[int, Any]) -> dict[int, Any]:
    """What the merges that live would have made of the files, one after the other."""
    told, root = {pk: dict(values) for pk, values in base.items()}, {pk: pk for pk in base}
    for merge in Merge.objects.filter(undone_at__isnull=True).order_by("pk"):
        for name in merge.taken:
            told[merge.survivor_id][name] = told[merge.absorbed_id][name]
        root = {pk: merge.survivor_id if at == merge.absorbed_id else at for pk, at in root.items()}
    return {pk: (told[pk], root[pk]) for pk in base}


def test_both_files_stand_beside_each_other_and_are_merged_and_parted_on_the_page(client_for, cast: Cast, customer, double, keeper) -> None:
    client, at = client_for(keeper), customer.get_absolute_url()
    assert f"{at}merge/{double.pk}/" in client.get(at).content.decode(), "what is alike can be compared"
    for wrong in ("C000", customer.code):
        assert client.post(f"{at}merge/", {"number": wrong}).status_code == 422
    assert client.post(f"{at}merge/", {"number": OTHER_LICENCE}).url == f"{at}merge/{double.pk}/"
    page = client.get(f"{at}merge/{double.pk}/")
    form = page.context["form"]
    assert form.fields["licence_ends_on"].initial == "other", "what only one of them says is kept"
    chosen = {name: form.fields[name].initial for name in form.differing} | {name: form.initial[name] for name in ("seen_this", "seen_other")}
    assert client.get(f"{at}merge/{customer.pk}/").status_code == 404
    assert client.post(f"{at}merge/{double.pk}/", chosen | {"seen_other": 1}).status_code == 422
    assert client.post(f"{at}merge/{double.pk}/", chosen | {"reason": "同一家店"}).status_code == 302
    [merge] = Merge.objects.all()
    assert "同一家店" in client.get(f"{at}merges/").content.decode()
    assert client_for(cast.salesperson).post(f"{at}merges/{merge.pk}/undone/").status_code == 403
    assert client.post(f"{at}merges/{merge.pk}/undone/").status_code == 302
    assert client.get(double.get_absolute_url()).status_code == 200


def in_another(act: Callable[[], object]) -> tuple[Thread, list[str]]:
    """Do it in a connection of its own; what it was refused with is noted."""
    refusals: list[str] = []

    def work() -> None:
        try:
            act()
        except CustomersError as refusal:
            refusals.append(str(refusal))
        finally:
            connection.close()

    thread = Thread(target=work)
    thread.start()
    return thread, refusals


@pytest.mark.django_db(transaction=True)
def test_who_only_points_at_a_file_waits_for_no_merge_of_it(cast: Cast, customer: Customer, double: Customer, keeper: User) -> None:
    """An order, a payment, a record: a foreign key is looked at when they commit, with other locks in hand."""
    with transaction.atomic():
        merge_customers(customer, double, actor=keeper)
        with another_session() as session:
            found = session.execute("SELECT id FROM customers_customer WHERE id = ANY(%s) FOR KEY SHARE NOWAIT", [[customer.pk, double.pk]])
            assert found.rowcount == 2


@pytest.mark.django_db(transaction=True)
def test_a_merge_holds_every_file_that_it_moves_before_it_writes(cast: Cast, portfolio: Portfolio, customer: Customer, double: Customer, keeper: User) -> None:
    """The third, merged into the second, moves with it; whoever holds it is waited for with nothing written."""
    third = make_customer(portfolio, cast.salesperson, "红星路金穗烟酒")
    merge_customers(double, third, actor=keeper)
    with transaction.atomic():
        Customer.objects.select_for_update(no_key=True).get(pk=third.pk)
        thread, refusals = in_another(lambda: merge_customers(customer, double, actor=fresh(keeper)))
        wait_until(is_somebody_waiting, PATIENCE)
        with another_session() as session:
            waiting = "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            assert [query.split()[0] for (query,) in session.execute(waiting).fetchall()] == ["SELECT"]
    thread.join(PATIENCE)
    assert refusals == []
    assert {row.root_id for row in Customer.objects.filter(pk__in=[customer.pk, double.pk, third.pk])} == {customer.pk}


@pytest.mark.django_db(transaction=True)
def test_a_merge_is_not_undone_while_its_survivor_goes_further(cast: Cast, portfolio: Portfolio, customer: Customer, double: Customer, keeper: User) -> None:
    third = make_customer(portfolio, cast.salesperson, "红星路金穗烟酒")
    first = merge_customers(customer, double, actor=keeper)
    with transaction.atomic():
        merge_customers(third, customer, actor=keeper)
        thread, refusals = in_another(lambda: undo_merge(first, actor=fresh(keeper)))
        wait_until(is_somebody_waiting, PATIENCE)
    thread.join(PATIENCE)
    assert len(refusals) == 1
    assert {row.root_id for row in Customer.objects.filter(pk__in=[customer.pk, double.pk])} == {third.pk}
    undo_merge(first, actor=keeper)
    assert Customer.objects.get(pk=double.pk).root_id == double.pk
    assert Customer.objects.get(pk=customer.pk).root_id == third.pk
