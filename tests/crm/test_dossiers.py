"""The dossier of a customer, stages of life, and the parts of a file that are rights of their own."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from crm.customers.callers import callers
from crm.customers.errors import CustomersError
from crm.customers.field_rights import PARTS
from crm.customers.models import Customer, DossierEntry
from crm.customers.reading import read_file
from crm.customers.services.dealings import note_dealing
from crm.customers.services.dossiers import add_to_dossier, tell_of_ends
from crm.customers.services.merges import merge_customers
from portal.access.policies import can, viewers_of, visible_to
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.attachments.models import Attachment
from portal.attachments.queries import shown_on
from portal.attachments.services import receive_file
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from tests.cast import Cast
from tests.crm.writing import change, fresh, let_keep, let_read, make_contact, make_customer

SAID = {
    "phones": "0731-85123307",
    "tiers": "成熟期的策略",
    "dealings": "询问松涛能否多给",
    "dossier": "供货协议之内容",
}


def give(person: User, part: str, admin: User) -> User:
    grant_capability(PARTS[part], rule=AudienceRule.of([person_token(person.pk)]), actor=admin)
    return fresh(person)


def add(customer: Customer, actor: User, **values: object) -> DossierEntry:
    return add_to_dossier(customer, actor=fresh(actor), **({"heading": "agreement", "text": "供货协议之内容", "number": "XY-2026-018"} | values))  # type: ignore[arg-type]


def test_the_parts_of_a_file_are_seen_by_who_was_given_them(client_for, cast: Cast, customer: Customer) -> None:
    """On the page, in the list, in its files, and by who calls; whoever writes the file sees all of it."""
    change(customer, cast.salesperson, stage="maturity")
    let_keep(cast.director, cast.admin)
    client_for(fresh(cast.director)).post("/crm/stages/maturity/", {"text": SAID["tiers"]})
    make_contact(customer, cast.salesperson)
    note_dealing(customer, actor=fresh(cast.salesperson), kind="call", text=SAID["dealings"])
    add(customer, cast.salesperson)
    clerk = let_read(cast.operator, cast.admin)
    given: set[str] = set()
    for part in (None, *PARTS):
        if part is not None:
            clerk = give(clerk, part, cast.admin)
            given.add(part)
        client = client_for(clerk)
        page = client.get(customer.get_absolute_url()).content.decode()
        assert {name for name, words in SAID.items() if words in page} == given
        assert "138 0731 6620" not in page
        headings = client.get("/crm/customers/").content.decode()
        assert ("上次联系" in headings, "档位" in headings) == ("dealings" in given, "tiers" in given)
        exported = client.post("/crm/customers/?columns=name,contacted,tier,grade", {"export": "csv"})
        text = b"".join(exported.streaming_content).decode("utf-8-sig") if exported.streaming else exported.content.decode("utf-8-sig")
        assert ("上次联系" in text, "档位" in text) == ("dealings" in given, "tiers" in given)
        assert bool(callers(clerk, "073185123307")) == ("phones" in given)
        assert not callers(clerk, "13807316620")
        assert client.get("/crm/tiers/").status_code == (200 if "tiers" in given else 403)
    assert all(words in client_for(fresh(cast.salesperson)).get(customer.get_absolute_url()).content.decode() for words in SAID.values())
    assert client_for(cast.inspector).get(customer.get_absolute_url()).status_code == 404


def test_a_part_alone_opens_no_file(cast: Cast, customer: Customer) -> None:
    entry = add(customer, cast.salesperson)
    for part in PARTS:
        give(cast.operator, part, cast.admin)
    stranger = fresh(cast.operator)
    assert not any(can(stranger, action, customer) for action in ("view", *PARTS))
    assert not can(stranger, "view", entry)
    assert entry not in visible_to(DossierEntry, stranger)
    assert not callers(stranger, "073185123307")


def test_decisions_rows_and_viewers_of_an_entry_say_the_same(cast: Cast, customer: Customer) -> None:
    entry = add(customer, cast.salesperson)
    let_read(cast.operator, cast.admin)
    give(let_read(cast.inspector, cast.admin), "dossier", cast.admin)
    let_keep(cast.director, cast.admin)
    people = {person.name for person in cast.everyone if can(fresh(person), "view", entry) and not person.is_superuser}
    assert people == {"孙丽", "王伟", "陈刚"}
    assert people == {person.name for person in viewers_of(entry) if not person.is_superuser}
    assert people == {person.name for person in cast.everyone if entry in visible_to(DossierEntry, fresh(person)) and not person.is_superuser}


def test_what_is_known_now_takes_the_place_of_what_was_known(client_for, cast: Cast, customer: Customer) -> None:
    client = client_for(fresh(cast.salesperson))
    address = f"{customer.get_absolute_url()}dossier/"
    file = receive_file(actor=cast.salesperson, name="协议.txt", content=ContentFile("协议正文".encode()))
    first = {"heading": "agreement", "text": "一年一签", "number": "XY-1", "ends_on": f"{today() + timedelta(days=30):%Y-%m-%d}", "file_ids": [str(file.pk)]}
    assert client.post(f"{address}new/", first).status_code == 302
    entry = DossierEntry.objects.get()
    assert [row.name for row in shown_on(entry)] == ["协议.txt"]
    kept = str(shown_on(entry).get().pk)
    assert client.post(f"{address}{entry.pk}/replaced/", first | {"text": "三年一签", "file_ids": [kept]}).status_code == 302
    later = DossierEntry.objects.get(replaces=entry)
    assert Attachment.objects.filter(about_id__in=[entry.pk, later.pk], name="协议.txt", standing="shown").count() == 2
    page = client.get(customer.get_absolute_url()).content.decode()
    assert ("三年一签" in page, "一年一签" in page) == (True, False)
    assert "一年一签" in client.get(f"{address}{later.pk}/").content.decode()
    answer = client.post(f"{address}{entry.pk}/replaced/", first | {"text": "另一份", "file_ids": []})
    assert (answer.status_code, "孙丽" in answer.content.decode(), "另一份" in answer.content.decode()) == (422, True, True)
    wrong = client.post(f"{address}new/", first | {"starts_on": "2999-01-01", "file_ids": []})
    assert (wrong.status_code, "一年一签" in wrong.content.decode()) == (422, True)


def test_a_dossier_stands_as_it_was_known_and_goes_with_a_merge(cast: Cast, portfolio, customer: Customer) -> None:
    entry = add(customer, cast.salesperson, text="资金紧张", heading="finance")
    DossierEntry.objects.filter(pk=entry.pk).update(made_at=entry.made_at - timedelta(days=9))
    later = add(customer, cast.salesperson, text="资金充裕", heading="finance", replaces=entry)
    DossierEntry.objects.filter(pk=later.pk).update(made_at=later.made_at - timedelta(days=3))
    texts = [[one.text for one in DossierEntry.objects.of(customer).latest_at(later.made_at - timedelta(days=ago))] for ago in (10, 5, 1)]
    assert texts == [[], ["资金紧张"], ["资金充裕"]]
    survivor = make_customer(portfolio, cast.salesperson, "南门口惠民便利店", numbers=[])
    let_keep(cast.director, cast.admin)
    merge_customers(survivor, customer, actor=fresh(cast.director))
    file = read_file(Customer.objects.select_related("portfolio").get(pk=survivor.pk), fresh(cast.salesperson))
    assert file is not None
    assert [one.text for one in file.dossier] == ["资金充裕"]
    with pytest.raises(CustomersError):
        add_to_dossier(
            make_customer(portfolio, cast.salesperson, "丙店", numbers=[]), actor=fresh(cast.salesperson), heading="other", text="甲", replaces=later
        )


def test_whoever_holds_the_portfolio_is_told_once_a_month_before_an_agreement_ends(cast: Cast, customer: Customer) -> None:
    day = today()
    ending = [add(customer, cast.salesperson, number=f"XY-{days}", ends_on=day + timedelta(days=days)) for days in (0, 30, 31)]
    gone = add(customer, cast.salesperson, number="XY-old", ends_on=day + timedelta(days=3))
    add(customer, cast.salesperson, number="XY-new", ends_on=day + timedelta(days=300), replaces=gone)
    add(customer, cast.salesperson, number="XY-past", starts_on=day - timedelta(days=30), ends_on=day - timedelta(days=1))
    assert (tell_of_ends(), tell_of_ends()) == (2, 0)
    drain()
    told = Notification.objects.filter(kind="customers.dossier_ends")
    assert {one.recipient for one in told} == {cast.salesperson}
    assert {one.words["entry"] for one in told} == {ending[0].number, ending[1].number}
