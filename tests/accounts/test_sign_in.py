"""Signing in with the number that was assigned; limits, first passwords, shared machines, what is never told."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from portal.accounts.models import User
from portal.accounts.services import set_first_password
from portal.audit.models import AuditRecord
from tests.cast import PASSWORD, Cast

Sign = Callable[[User], Client]
SIGN_IN = "/accounts/sign-in/"


def attempt(client: Client, number: str, password: str = PASSWORD, **extra: str) -> int:
    return client.post(SIGN_IN, {"login": number, "password": password, **extra}).status_code


@pytest.mark.parametrize("typed", ["10003", " 10003 ", "１０００３", "ADMIN"])
def test_a_person_signs_in_with_their_number_however_it_is_typed(cast: Cast, client: Client, typed: str) -> None:
    assert attempt(client, typed) == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("who", ["leaver", "newcomer"])
def test_who_left_or_has_not_begun_does_not_get_in(cast: Cast, client: Client, who: str) -> None:
    attempt(client, getattr(cast, who).employee_number)
    assert client.get("/").status_code == 302


def test_someone_who_leaves_is_out_with_the_next_request(cast: Cast, client: Client) -> None:
    attempt(client, "10003")
    assert client.get("/").status_code == 200
    User.objects.filter(pk=cast.inspector.pk).update(is_active=False)
    assert client.get("/").status_code == 302


def test_whether_an_account_exists_is_not_told(cast: Cast, client: Client) -> None:
    client.cookies["gongfang_language"] = "en"
    answers = [client.post(SIGN_IN, {"login": number, "password": "wrong-one"}) for number in ("10003", "99999", "10008")]
    bodies = [answer.content.decode().replace(number, "") for answer, number in zip(answers, ("10003", "99999", "10008"), strict=True)]
    strip = [body[body.index("<main") :] for body in bodies]
    assert [without_tokens(body) for body in strip] == [without_tokens(strip[0])] * 3


def without_tokens(body: str) -> str:
    return "\n".join(line for line in body.splitlines() if "csrfmiddlewaretoken" not in line)


def test_after_a_wrong_password_that_is_said_and_the_password_is_what_is_written_next(cast: Cast, client: Client) -> None:
    page = client.post(SIGN_IN, {"login": "10003", "password": "wrong-one"}).content.decode()
    summary = page[page.index('class="summary"') :].split("</form>")[0]
    assert "处需要更正" not in page
    assert "密码" in summary[: summary.index("<input")]
    assert re.findall(r'<input[^>]*name="([a-z]+)"[^>]*\bautofocus', page) == ["password"]
    assert re.findall(r'<input[^>]*name="([a-z]+)"[^>]*\bautofocus', client.get(SIGN_IN).content.decode()) == ["login"]


def test_five_wrong_passwords_close_the_account_for_a_while_whatever_address_is_claimed(cast: Cast, client: Client) -> None:
    for turn in range(5):
        client.post(SIGN_IN, {"login": "10003" if turn % 2 else "１０００３", "password": "wrong"}, headers={"X-Forwarded-For": f"10.0.0.{turn}"})
    assert attempt(Client(), "10003") == 200, "the right password too is refused now"
    assert attempt(Client(), "10004") == 302, "others are not touched"
    assert AuditRecord.objects.filter(verb="sign_in.failed", after__employee_number="10003").count() == 5


def test_the_counters_of_attempts_are_in_the_database_so_no_cache_is_needed() -> None:
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


def test_a_first_password_leads_to_the_page_that_changes_it_and_nowhere_else(cast: Cast, client: Client) -> None:
    password = set_first_password(cast.inspector, actor=cast.admin)
    assert attempt(client, "10003", password) == 302
    for path in ("/", "/notifications/", "/access/groups/"):
        assert client.get(path).headers["Location"] == "/accounts/password/"
    form = {"oldpassword": password, "password1": "hongta-shan-2026", "password2": "hongta-shan-2026"}
    assert client.post("/accounts/password/", form | {"password2": "other"}).status_code == 200
    assert client.get("/").status_code == 302
    assert client.post("/accounts/password/", form).status_code == 302
    assert client.get("/").status_code == 200
    assert attempt(Client(), "10003", "hongta-shan-2026") == 302
    assert attempt(Client(), "10003", password) == 200


@pytest.mark.parametrize("weak", ["12345678", "10003", "wangwei", "password", "short"])
def test_a_password_that_is_easy_to_guess_is_refused(cast: Cast, client_for: Sign, weak: str) -> None:
    client_for(cast.inspector).post("/accounts/password/", {"oldpassword": PASSWORD, "password1": weak, "password2": weak})
    cast.inspector.refresh_from_db()
    assert cast.inspector.check_password(PASSWORD)


def test_nobody_signs_up(cast: Cast, client: Client) -> None:
    before = User.objects.count()
    client.post("/accounts/sign-up/", {"username": "intruder", "password1": "tea-and-tobacco-8", "password2": "tea-and-tobacco-8"})
    assert User.objects.count() == before
    assert client.get("/accounts/email/").status_code == 404


def test_after_signing_in_next_never_leaves_the_site(cast: Cast) -> None:
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example", "http:///evil.example"):
        answer = Client().post(SIGN_IN, {"login": "10003", "password": PASSWORD, "next": target})
        assert answer.headers["Location"] == "/"
    assert Client().post(SIGN_IN, {"login": "10003", "password": PASSWORD, "next": "/access/groups/"}).headers["Location"] == "/access/groups/"


def test_a_shared_machine_signs_out_soon_and_keeps_no_page(cast: Cast) -> None:
    shared, own = Client(), Client()
    attempt(shared, "10003", shared_machine="on")
    attempt(own, "10003")
    shared_page, own_page = shared.get("/"), own.get("/")
    assert shared.session.get_expiry_age() <= 15 * 60
    assert own.session.get_expiry_age() > 11 * 3600
    assert shared_page.headers["Cache-Control"] == "no-store"
    assert "private" in own_page.headers["Cache-Control"]


def test_signing_out_takes_a_press_and_a_get_changes_nothing(cast: Cast, client: Client) -> None:
    attempt(client, "10003")
    client.get("/accounts/sign-out/")
    assert client.get("/").status_code == 200
    answer = client.post("/accounts/sign-out/", headers={"Referer": "http://testserver/bulletin/"}, follow=True)
    assert answer.redirect_chain == [("/accounts/sign-in/", 302)]
    assert client.get("/").status_code == 302


def test_whoever_signs_out_is_not_told_that_it_was_not_done(cast: Cast) -> None:
    client = Client(headers={"Accept-Language": "zh-hans", "Sec-Fetch-Mode": "navigate", "Referer": "http://testserver/bulletin/"})
    for number in ("10003", None):
        if number:
            attempt(client, number)
        assert "没有完成" not in client.post("/accounts/sign-out/", follow=True).content.decode()


def test_signing_in_and_out_is_on_record_with_its_address(cast: Cast, client: Client) -> None:
    attempt(client, "10003")
    client.post("/accounts/sign-out/")
    assert AuditRecord.objects.get(verb="sign_in.succeeded").address == "127.0.0.1"
    assert AuditRecord.objects.get(verb="sign_out.done").actor == cast.inspector


def test_a_part_asked_for_after_the_session_has_ended_takes_the_whole_page_to_sign_in(cast: Cast, client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/organization/people/?q=wang"}
    answer = client.get("/access/audience/choices/", headers=headers)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/accounts/sign-in/?next=%2Forganization%2Fpeople%2F%3Fq%3Dwang")
    broken = client.get("/access/audience/choices/", headers=headers | {"HX-Current-URL": "http://[::1"})
    assert (broken.status_code, broken.headers["HX-Redirect"]) == (204, "/accounts/sign-in/?next=%2F")
    assert client.get("/access/audience/choices/").status_code == 302


@pytest.mark.parametrize(
    ("came_from", "leads_to"), [("http://testserver/bulletin/?kind=topic", "/bulletin/?kind=topic"), ("http://elsewhere.test/x", "/"), ("", "/")]
)
def test_what_is_sent_after_the_session_has_ended_leads_back_to_its_page_and_says_that_it_was_not_done(cast: Cast, came_from: str, leads_to: str) -> None:
    client = Client(headers={"Accept-Language": "zh-hans", "Sec-Fetch-Mode": "navigate"})
    page = client.post("/bulletin/reading/", headers={"Referer": came_from}, follow=True)
    assert "刚才的操作没有完成" in page.content.decode()
    asked = client.post("/bulletin/reading/", headers={"Referer": came_from})
    signed_in = client.post(asked.url, {"login": "10003", "password": PASSWORD})
    assert signed_in.url == leads_to
    unseen = Client(headers={"Accept-Language": "zh-hans", "Sec-Fetch-Mode": "cors"}).post("/bulletin/reading/", headers={"Referer": came_from}, follow=True)
    assert "刚才的操作没有完成" not in unseen.content.decode(), "nobody pressed what a page sends by itself"


def test_no_cache_between_keeps_a_page_for_somebody_else(cast: Cast, client_for: Sign) -> None:
    """S13: what is one person's is marked so, whatever the page."""
    for path in ("/", "/organization/people/", "/notifications/", "/accounts/preferences/", "/accounts/sign-in/", "/no/such/page/"):
        answer = client_for(cast.inspector).get(path)
        assert "private" in answer.headers["Cache-Control"] or "no-store" in answer.headers["Cache-Control"], path
        assert "Cookie" in answer.headers["Vary"], path
