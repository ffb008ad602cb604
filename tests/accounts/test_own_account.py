"""Preferences follow the person; sessions can be ended; second factors may be obligatory."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.test import Client

from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.accounts.services import end_sessions, remove_second_factors
from tests.cast import PASSWORD, Cast

Sign = Callable[[User], Client]


def signed_in(number: str) -> Client:
    client = Client()
    assert client.post("/accounts/sign-in/", {"login": number, "password": PASSWORD}).status_code == 302
    return client


def test_preferences_follow_the_person_to_another_machine(cast: Cast) -> None:
    form = {"language": "en", "theme": "dark", "density": "compact", "start_page": ""}
    assert signed_in("10003").post("/accounts/preferences/", form).status_code == 302
    page = signed_in("10003").get("/")
    assert '<html lang="en" data-theme="dark" data-density="compact">' in page.content.decode()
    assert 'data-theme="system"' in signed_in("10004").get("/").content.decode()


def test_one_press_changes_the_theme_and_what_is_not_on_the_list_is_refused(cast: Cast, client_for: Sign) -> None:
    browser = client_for(cast.inspector)
    assert browser.post("/accounts/preferences/change/", {"name": "theme", "value": "dark", "next": "/places/"}).headers["Location"] == "/places/"
    assert 'data-theme="dark"' in browser.get("/").content.decode()
    for name, value in (("theme", "pink"), ("is_superuser", "1"), ("start_page", "x"), ("", "")):
        assert browser.post("/accounts/preferences/change/", {"name": name, "value": value}).status_code == 400
    assert browser.post("/accounts/preferences/change/", {"name": "theme", "value": "dark", "next": "//evil.test/"}).headers["Location"] == "/"


def test_before_signing_in_the_browser_keeps_the_language(client: Client, db: None) -> None:
    assert 'lang="zh-CN"' in client.get("/accounts/sign-in/").content.decode()
    client.post("/accounts/preferences/change/", {"name": "language", "value": "en", "next": "/accounts/sign-in/"})
    assert 'lang="en"' in client.get("/accounts/sign-in/").content.decode()


def test_the_start_page_opens_after_signing_in(cast: Cast) -> None:
    signed_in("admin").post("/accounts/preferences/", {"language": "zh-hans", "theme": "light", "density": "compact", "start_page": "access:group_list"})
    answer = Client().post("/accounts/sign-in/", {"login": "admin", "password": PASSWORD})
    assert answer.headers["Location"] == "/access/groups/"


def test_a_person_ends_their_own_sessions_and_nobody_elses(cast: Cast) -> None:
    here, there, colleague = signed_in("10003"), signed_in("10003"), signed_in("10004")
    other = UserSession.objects.get(session_key=there.session.session_key)
    theirs = UserSession.objects.get(session_key=colleague.session.session_key)
    assert here.post(f"/accounts/sessions/{theirs.pk}/end/").status_code == 404
    assert here.post(f"/accounts/sessions/{other.pk}/end/").status_code == 302
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200
    assert colleague.get("/").status_code == 200


def test_all_other_sessions_end_in_one_press_and_all_of_them_when_someone_leaves(cast: Cast) -> None:
    here, there = signed_in("10003"), signed_in("10003")
    here.post("/accounts/sessions/others/end/")
    assert (here.get("/").status_code, there.get("/").status_code) == (200, 302)
    end_sessions(cast.inspector)
    assert here.get("/").status_code == 302


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def obliged(cast: Cast) -> Cast:
    cast.head_post.requires_second_factor = True
    cast.head_post.save()
    refresh_standings()
    return cast


def test_a_position_that_needs_a_second_factor_leads_there_first_for_holder_and_deputy(obliged: Cast) -> None:
    for number in ("10002", "10007"):
        assert signed_in(number).get("/").headers["Location"] == "/accounts/second-factor/"
    assert signed_in("10003").get("/").status_code == 200


def test_with_a_second_factor_the_password_alone_does_not_sign_in(obliged: Cast) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(obliged.head, secret)
    client = Client()
    assert client.post("/accounts/sign-in/", {"login": "10002", "password": PASSWORD}).headers["Location"] == "/accounts/second-factor/authenticate/"
    assert client.get("/").status_code == 302
    assert client.post("/accounts/second-factor/authenticate/", {"code": "000000"}).status_code == 200
    assert client.get("/").status_code == 302
    assert client.post("/accounts/second-factor/authenticate/", {"code": code_for(secret)}).status_code == 302
    assert client.get("/").status_code == 200


def test_an_administrator_helps_someone_who_lost_their_phone(cast: Cast) -> None:
    TOTP.activate(cast.head, "JBSWY3DPEHPK3PXP")
    assert remove_second_factors(cast.head, actor=cast.admin) == 1
    assert not Authenticator.objects.filter(user=cast.head).exists()
    assert signed_in("10002").get("/").status_code == 200


def test_protection_is_changed_only_after_the_password_was_confirmed(cast: Cast) -> None:
    browser = signed_in("10002")
    paths = [f"/accounts/second-factor/{path}" for path in ("totp/activate/", "webauthn/add/")]
    for path in paths:
        assert browser.get(path).headers["Location"].startswith("/accounts/confirm/")
    assert browser.post("/accounts/confirm/", {"password": "wrong"}).status_code == 200
    assert browser.get(paths[0]).status_code == 302
    assert browser.post("/accounts/confirm/", {"password": PASSWORD}).status_code == 302
    for path in paths:
        assert browser.get(path).status_code == 200


def test_setting_up_an_authenticator_app_gives_recovery_codes_that_sign_in_once(cast: Cast) -> None:
    browser = signed_in("10002")
    browser.post("/accounts/confirm/", {"password": PASSWORD})
    secret = browser.get("/accounts/second-factor/totp/activate/").context["form"].secret
    assert browser.post("/accounts/second-factor/totp/activate/", {"code": code_for(secret)}).status_code == 302
    codes = browser.get("/accounts/second-factor/recovery-codes/").context["unused_codes"]
    assert browser.get("/accounts/second-factor/").status_code == 200

    def sign_in_by(code: str) -> int:
        client = Client()
        client.post("/accounts/sign-in/", {"login": "10002", "password": PASSWORD})
        return client.post("/accounts/second-factor/authenticate/", {"code": code}).status_code

    assert sign_in_by(codes[0]) == 302
    assert sign_in_by(codes[0]) == 200
    assert sign_in_by(codes[1]) == 302
