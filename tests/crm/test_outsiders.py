"""Accounts of customers' people: invited, accepted once, signed in within limits, ended at once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crm.customers.models import Customer
from crm.customers.services.merges import merge_customers, undo_merge
from crm.extranet.errors import ExtranetError
from crm.extranet.models import Account, Attempt, Invitation, SignIn
from crm.extranet.services.accounts import accept, end_account, find_invitation, invite, invite_anew, make_first
from crm.extranet.services.signing_in import begin, forget_old_sign_ins, sign_in
from crm.extranet.tokens import invitation_token
from portal.accounts.models import User
from portal.audit.models import AuditRecord
from tests.cast import Cast
from tests.crm.outside import COOKIE, PASSWORD, browser_of, make_account, outside
from tests.crm.writing import fresh, make_customer

LOGIN = "13807316620"


@pytest.fixture
def site() -> Iterator[None]:
    with outside():
        yield


@pytest.fixture
def invitation(cast: Cast, customer: Customer) -> Invitation:
    return invite(actor=fresh(cast.salesperson), customer=customer, name="李秀兰", login="138 0731 6620", is_first=True)


def link_of(invitation: Invitation) -> str:
    return f"/join/{invitation_token(invitation.nonce)}/"


def tried(client: Client, login: str, password: str) -> str:
    answer = client.post("/sign-in/", {"login": login, "password": password})
    return answer.content.decode() if answer.status_code == 422 else f"{answer.status_code} {answer.headers['Location']}"


def test_an_invitation_is_accepted_once_and_leads_in(cast: Cast, customer: Customer, invitation: Invitation, site: None) -> None:
    client, words = Client(), {"login": "138-0731-6620", "password": PASSWORD, "again": PASSWORD}
    page = client.get(link_of(invitation)).content.decode()
    assert customer.name in page
    assert LOGIN not in page
    assert "138****6620" in page
    answer = client.post(link_of(invitation), words)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.cookies[COOKIE]["httponly"]
    assert customer.name in client.get("/").content.decode()
    account = Account.objects.get()
    assert (account.login, account.is_first, account.customer) == (LOGIN, True, customer)
    assert not account.user.is_active
    assert not account.user.has_usable_password()
    assert not account.user.is_employee
    again = Client().post(link_of(invitation), words)
    assert again.status_code == 410
    assert "用过" in again.content.decode()
    assert Account.objects.count() == 1


def test_a_link_that_was_passed_on_opens_nothing_without_the_number(invitation: Invitation, site: None) -> None:
    client = Client()
    for guess in ("13900000001", "13900000002", "13900000003", "13900000004", "13900000005"):
        answer = client.post(link_of(invitation), {"login": guess, "password": PASSWORD, "again": PASSWORD})
        assert (answer.status_code, "另一个号码" in answer.content.decode()) == (422, True)
    answer = client.post(link_of(invitation), {"login": LOGIN, "password": PASSWORD, "again": PASSWORD})
    assert (answer.status_code, "次数太多" in answer.content.decode()) == (422, True)
    assert not Account.objects.exists()


def test_links_too_old_taken_back_or_unknown_say_so(cast: Cast, customer: Customer, invitation: Invitation, site: None) -> None:
    Invitation.objects.update(made_at=timezone.now() - timedelta(days=8), expires_at=timezone.now() - timedelta(days=1))
    client = Client()
    assert "一周" in client.get(link_of(invitation)).content.decode()
    second = invite(actor=fresh(cast.salesperson), customer=customer, name="李秀兰", login=LOGIN)
    invite(actor=fresh(cast.salesperson), customer=customer, name="李秀兰", login=LOGIN)  # another for the same person ends the one before
    for token in (invitation_token(second.nonce), "0" * 64, invitation.digest):
        answer = client.get(f"/join/{token}/")
        assert (answer.status_code, "不再有效" in answer.content.decode()) == (410, True)


def test_a_weak_password_is_a_sentence(invitation: Invitation, site: None) -> None:
    for weak in ("12345678", "short", LOGIN):
        answer = Client().post(link_of(invitation), {"login": LOGIN, "password": weak, "again": weak})
        assert answer.status_code == 422
    assert not Account.objects.exists()


def test_ten_wrong_sign_ins_are_stopped_and_tell_nothing(cast: Cast, customer: Customer, site: None) -> None:
    make_account(customer, cast.salesperson)
    client = Client()
    known = [tried(client, LOGIN, f"wrong-{turn}") for turn in range(10)]
    unknown = [tried(client, "13900000009", f"wrong-{turn}") for turn in range(10)]
    for told in (known, unknown):
        assert ["不正确" in page for page in told] == [True] * 5 + [False] * 5
        assert ["次数太多" in page for page in told] == [False] * 5 + [True] * 5
    assert "次数太多" in tried(client, "１３８ 0731-6620", PASSWORD)  # the same number however it is written (S32)
    Attempt.objects.update(at=timezone.now() - timedelta(minutes=6))
    assert tried(client, LOGIN, PASSWORD) == "302 /"


def test_an_address_is_limited_whatever_it_says_it_forwards(cast: Cast, customer: Customer, site: None) -> None:
    make_account(customer, cast.salesperson)
    answers = [
        Client().post("/sign-in/", {"login": f"139000{turn:05}", "password": "x"}, headers={"X-Forwarded-For": f"10.0.0.{turn}"}).content.decode()
        for turn in range(62)
    ]
    assert ["次数太多" in page for page in answers] == [False] * 60 + [True] * 2


def test_what_is_right_does_not_count(cast: Cast, customer: Customer, site: None) -> None:
    make_account(customer, cast.salesperson)
    assert [tried(Client(), LOGIN, PASSWORD) for _turn in range(7)] == ["302 /"] * 7


def test_next_never_leaves_the_site(cast: Cast, customer: Customer, site: None) -> None:
    make_account(customer, cast.salesperson)
    for target, place in (("//evil.example/", "/"), ("https://evil.example/", "/"), ("/orders/?page=2", "/orders/?page=2")):
        answer = Client().post("/sign-in/", {"login": LOGIN, "password": PASSWORD, "next": target})
        assert answer["Location"] == place


def test_a_stranger_is_led_to_sign_in_and_back(site: None, db: None) -> None:
    answer = Client().get("/orders/?page=2")
    assert answer["Location"] == "/sign-in/?next=%2Forders%2F%3Fpage%3D2"


def test_ended_inside_they_are_out_with_the_next_page(cast: Cast, customer: Customer) -> None:
    account = make_account(customer, cast.salesperson)
    with outside():
        client = browser_of(account)
        assert client.get("/").status_code == 200
    end_account(account, actor=fresh(cast.admin))
    with outside():
        assert client.get("/")["Location"].startswith("/sign-in/")
        assert "不正确" in tried(Client(), LOGIN, PASSWORD)
    told = AuditRecord.objects.filter(verb="outsider.ended").get()
    assert (told.actor, told.object_label) == (cast.admin, "李秀兰")


def test_sign_ins_run_out_and_end_one_by_one(cast: Cast, customer: Customer) -> None:
    account = make_account(customer, cast.salesperson)
    with outside():
        here, there = browser_of(account), browser_of(account)
        assert here.post("/people/elsewhere/end/").status_code == 302
        assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)
        SignIn.objects.update(expires_at=timezone.now() - timedelta(days=200))
        assert here.get("/").status_code == 302
    forget_old_sign_ins()
    assert not SignIn.objects.exists()


def test_a_new_link_sets_a_new_password_and_ends_what_was(cast: Cast, customer: Customer) -> None:
    account = make_account(customer, cast.salesperson)
    begin(account, address="", agent="")
    anew = invite_anew(account, actor=fresh(cast.salesperson))
    sign_in(login=LOGIN, password=PASSWORD, address="a", agent="")  # until it is used
    accept(find_invitation(invitation_token(anew.nonce)), login=LOGIN, password="another-word-77")
    assert not SignIn.objects.filter(ended_at__isnull=True).exists()
    with pytest.raises(ExtranetError):
        sign_in(login=LOGIN, password=PASSWORD, address="a", agent="")
    sign_in(login=LOGIN, password="another-word-77", address="a", agent="")
    assert Account.objects.count() == 1


def test_the_first_person_keeps_the_firm_and_nobody_elses(cast: Cast, customer: Customer) -> None:
    first = make_account(customer, cast.salesperson)
    other_firm = make_customer(customer.portfolio, cast.salesperson, "城北副食店", numbers=["0731-85550000"])
    foreign = make_account(other_firm, cast.salesperson, "周敏", "13807310003")
    with outside():
        client = browser_of(first)
        assert client.post("/people/invite/", {"name": "唐建军", "login": "tang@shop.cn", "is_first": "on"}).status_code == 302
        assert "/join/" in client.get("/people/").content.decode()
        assert client.post(f"/people/{foreign.key}/end/").status_code == 404
    invited = Invitation.objects.get(login="tang@shop.cn")
    assert not invited.is_first
    colleague = accept(invited, login="Tang@Shop.cn", password=PASSWORD)
    with outside():
        theirs = browser_of(colleague)
        assert theirs.get("/people/invite/").status_code == 403
        assert theirs.post(f"/people/{first.key}/end/").status_code == 403
        assert client.post(f"/people/{first.key}/end/").status_code == 302  # nobody takes themselves out
        assert client.post(f"/people/{colleague.key}/end/").status_code == 302
        assert theirs.get("/").status_code == 302
    assert set(Account.objects.active()) == {first, foreign}
    with pytest.raises(ExtranetError):
        invite(actor=first.user, customer=other_firm, name="我", login="13900000008")
    make_first(make_account(customer, cast.salesperson, "何志强", "13807310004", is_first=False), actor=fresh(cast.salesperson))
    assert not Account.objects.get(pk=first.pk).is_first


def test_who_does_not_write_the_file_invites_nobody(cast: Cast, customer: Customer) -> None:
    for person in (cast.operator, cast.inspector, cast.customer):
        with pytest.raises(ExtranetError):
            invite(actor=fresh(person), customer=customer, name="我", login=LOGIN)
    assert not Invitation.objects.exists()


def test_one_number_signs_in_for_one_firm(cast: Cast, customer: Customer) -> None:
    make_account(customer, cast.salesperson)
    other_firm = make_customer(customer.portfolio, cast.salesperson, "城北副食店", numbers=["0731-85550000"])
    for wrong in (LOGIN, "not a number", "a@b"):
        with pytest.raises(ExtranetError):
            invite(actor=fresh(cast.salesperson), customer=other_firm, name="我", login=wrong)


def test_a_merge_takes_the_account_along_and_back(cast: Cast, customer: Customer) -> None:
    account = make_account(customer, cast.salesperson)
    stays = make_customer(customer.portfolio, cast.admin, "红星路金穗烟酒总店", numbers=["0731-85551111"])
    with outside():
        client = browser_of(account)
    merge = merge_customers(stays, customer, actor=fresh(cast.admin))
    with outside():
        assert "红星路金穗烟酒总店" in client.get("/").content.decode()
    undo_merge(merge, actor=fresh(cast.admin))
    with outside():
        assert "红星路金穗烟酒总店" not in client.get("/").content.decode()


def test_the_person_behind_an_account_enters_nothing_inside(cast: Cast, customer: Customer) -> None:
    account = make_account(customer, cast.salesperson)
    with outside():
        token = browser_of(account).cookies[COOKIE].value
    client = Client()
    client.cookies["gongfang_session"] = client.cookies[COOKIE] = token
    assert client.get("/")["Location"].startswith("/accounts/sign-in/")
    client.force_login(User.objects.get(pk=account.user_id))
    assert client.get("/")["Location"].startswith("/accounts/sign-in/")
