"""A link by mail goes to the stored address and nowhere else (S31), and nobody learns who has an account."""

import re

import pytest
from django.core import mail
from django.test import Client

from portal.accounts.models import User
from portal.config.environment import Environment
from portal.outbox.services import drain
from tests.cast import Cast

ADDRESS = "/accounts/password/forgotten/"


@pytest.fixture
def with_mail(settings) -> None:
    settings.PUBLIC_URL = "https://portal.plant.test"
    settings.ENVIRONMENT = Environment.model_construct(**{**settings.ENVIRONMENT.__dict__, "email_url": "smtp://localhost"})


@pytest.fixture
def inspector(cast: Cast) -> User:
    cast.inspector.email = "wang.wei@plant.test"
    cast.inspector.save()
    return cast.inspector


@pytest.mark.parametrize("typed", ["wang.wei@plant.test", "WANG.WEI@PLANT.TEST", "10003", "ｗａｎｇ.ｗｅｉ@plant.test"])
def test_the_link_goes_to_the_stored_address_whatever_was_typed(with_mail: None, inspector: User, client: Client, typed: str) -> None:
    assert client.post(ADDRESS, {"email": typed}).status_code == 302
    drain()
    assert [message.to for message in mail.outbox] == [["wang.wei@plant.test"]]


@pytest.mark.parametrize(
    "typed", ["wang.wei@plant.tést", "nobody@plant.test", "99999", "10008", "wang.wei@plant.test,evil@evil.test", "wang.wei@plant.test\nevil@evil.test"]
)
def test_for_anything_else_nothing_is_sent_and_the_answer_is_the_same(with_mail: None, inspector: User, client: Client, typed: str) -> None:
    answer = client.post(ADDRESS, {"email": typed})
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/accounts/password/forgotten/sent/")
    drain()
    assert not mail.outbox


def test_a_second_address_in_the_form_counts_for_nothing(with_mail: None, inspector: User, client: Client) -> None:
    client.post(ADDRESS, {"email": ["evil@evil.test", "wang.wei@plant.test"]})
    drain()
    assert all(message.to == ["wang.wei@plant.test"] for message in mail.outbox)


def test_the_link_names_the_plants_address_even_under_a_forged_host_and_works_once(with_mail: None, inspector: User, client: Client) -> None:
    client.post(ADDRESS, {"email": "10003"}, headers={"Host": "evil.test"})
    drain()
    link = re.search(r"https?://\S+", mail.outbox[0].body)[0]
    assert link.startswith("https://portal.plant.test/accounts/password/new/")
    path = link.removeprefix("https://portal.plant.test")
    form = client.get(path, follow=True)
    target = form.redirect_chain[-1][0]
    client.post(target, {"password1": "hongta-shan-2026", "password2": "hongta-shan-2026"})
    inspector.refresh_from_db()
    assert inspector.check_password("hongta-shan-2026")
    assert Client().get(path, follow=True).context["token_fail"], "the link worked once"


def test_without_a_mail_server_the_page_says_whom_to_ask_and_sends_nothing(inspector: User, client: Client) -> None:
    assert "Send the link" not in client.get(ADDRESS).content.decode()
    client.post(ADDRESS, {"email": "10003"})
    drain()
    assert not mail.outbox
