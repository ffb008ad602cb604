"""A passkey is added, signs in without a password, and is refused where it was removed; by Chromium's own virtual authenticator."""

from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from portal.accounts.services import save_preferences
from tests.cast import PASSWORD

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def test_a_passkey_signs_in_and_works_no_more_once_it_is_removed(cast, open_page):
    save_preferences(cast.inspector, language="en")
    page = open_page("/accounts/second-factor/webauthn/add/", cast.inspector)
    plug_in(page)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/webauthn/add/**")
    page.locator("[name=name]:visible").fill("Phone")
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    expect(page.locator("h1")).to_have_text("Recovery codes")
    page.goto("/accounts/second-factor/webauthn/")
    expect(page.locator("main")).to_contain_text("Phone")
    assert Authenticator.objects.filter(user=cast.inspector, type=Authenticator.Type.WEBAUTHN).count() == 1

    page.locator("details.person summary").click()
    page.locator("details.person form button").click()
    page.wait_for_url("**/accounts/sign-in/**")
    page.locator("#passkey_login").click()
    expect(page.locator("h1")).to_contain_text("王伟")

    Authenticator.objects.all().delete()
    page.goto("/accounts/sign-in/")
    page.context.clear_cookies()
    page.goto("/accounts/sign-in/")
    with page.expect_navigation():
        page.locator("#passkey_login").click()
    expect(page.locator(".toast.error")).to_contain_text("通行密钥")
    page.goto("/")
    page.wait_for_url("**/accounts/sign-in/**")


def test_a_passkey_is_offered_only_where_the_browser_can_use_one(cast, open_page):
    page = open_page("/accounts/sign-in/")
    expect(page.locator("#passkey_login")).to_be_visible()
    page.add_init_script("delete window.PublicKeyCredential")
    page.reload()
    expect(page.locator("[name=login]")).to_be_visible()
    expect(page.locator("#passkey_login")).to_be_hidden()
    expect(open_page("/accounts/sign-in/", scripts=False).locator("#passkey_login")).to_be_hidden()
