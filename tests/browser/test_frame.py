"""The frame in a browser: by keyboard, with and without scripts, wide and narrow, light and dark."""

import pytest
from playwright.sync_api import expect

PATHS = ["/", "/places/", "/arrangement/", "/styleguide/", "/nothing/"]
NARROW = 360
LEAST_TARGET = 44


@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (NARROW, "light")])
def test_pages_of_the_frame_are_accessible_and_fit(width, theme, cast, open_page, assert_accessible):
    """In the looks that every page is not walked in (`walking.py`)."""
    page = open_page("/robots.txt", cast.admin, width=width, theme=theme)
    for path in PATHS:
        page.goto(path)
        assert_accessible(page, with_frame=path == PATHS[0])


def test_targets_on_a_phone_are_large_enough_for_a_thumb(cast, open_page):
    page = open_page("/robots.txt", cast.admin, width=NARROW)
    for path in PATHS:
        page.goto(path)
        small = page.evaluate(
            """least => [...document.querySelectorAll("main :is(button, select, summary, .chip, .button), .top :is(button, summary, form.seek), .bottom-bar a")]
              .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < least).map(element => element.outerHTML.slice(0, 99))""",
            LEAST_TARGET,
        )
        assert small == [], path


def test_keyboard_skips_searches_lists_keys_and_goes(cast, open_page):
    page = open_page("/places/", cast.operator)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator(".seek input")).to_be_focused()
    page.keyboard.type("g?/")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/")


def test_menu_closes_by_escape_and_gives_back_the_focus(cast, open_page):
    page = open_page("/", cast.operator)
    summary = page.locator(".menu.person summary")
    summary.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".menu.person a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    summary.click()
    page.locator("h1").click()
    expect(page.locator(".menu.person[open]")).to_have_count(0)


def test_theme_changes_at_once_and_follows_the_person(cast, open_page):
    page = open_page("/", cast.operator)
    with page.expect_response("**/preferences/change/"):
        page.locator("form[data-behavior=theme] button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    elsewhere = open_page("/places/", cast.operator)
    expect(elsewhere.locator("html")).to_have_attribute("data-theme", "light")


def test_language_theme_and_sign_out_work_without_scripts(cast, open_page):
    page = open_page("/", cast.operator, scripts=False)
    page.locator('.top button[value="en"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.locator("form[data-behavior=theme] button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.locator(".menu.person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/")
    expect(page.locator("input[name=login]")).to_be_visible()


def test_home_is_arranged_by_buttons_without_scripts(cast, open_page):
    page = open_page("/arrangement/", cast.operator, scripts=False)
    page.locator('[data-code="shortcuts"] button[value="hide"]').click()
    expect(page.locator('[data-column="hidden"] [data-code="shortcuts"]')).to_be_visible()
    page.goto("/")
    expect(page.locator("#widget-shortcuts")).to_have_count(0)


def test_home_is_arranged_by_dragging(cast, open_page):
    page = open_page("/arrangement/", cast.operator)
    with page.expect_response("**/arrangement/change/") as answer:
        page.locator('[data-code="shortcuts"]').drag_to(page.locator('[data-column="main"]'))
    assert answer.value.status == 204
    expect(page.locator('[data-column="main"] [data-code="shortcuts"]')).to_be_visible()


def test_a_list_is_walked_by_j_and_k(cast, open_page):
    page = open_page("/styleguide/", cast.admin)
    page.locator("main").focus()
    page.keyboard.press("j")
    expect(page.locator(".list .title").nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".list .title").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".list .title").nth(0)).to_be_focused()


def test_leaving_with_unsaved_work_asks(cast, open_page):
    page = open_page("/styleguide/", cast.admin)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#sample_name").fill("half written")
    page.locator(".brand").click()
    page.wait_for_function("() => true")
    assert asked == ["beforeunload"]
    expect(page.locator("#sample_name")).to_have_value("half written")


def test_a_dialog_traps_the_focus_and_gives_it_back(cast, open_page):
    page = open_page("/styleguide/", cast.admin)
    opener = page.locator('[data-dialog="sample-dialog"]')
    opener.click()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_page_takes_few_requests(cast, open_page):
    page = open_page("/", cast.operator)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto("/places/")
    page.wait_for_load_state("load")
    assert len([url for url in requests if not url.startswith("ws")]) <= 6, requests


def test_a_lost_connection_is_said(cast, open_page):
    page = open_page("/", cast.operator)
    expect(page.locator(".offline")).to_be_hidden()
    page.context.set_offline(True)
    expect(page.locator(".offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".offline")).to_be_hidden()


def test_what_was_typed_survives_a_reload_until_it_is_sent_or_signed_out(cast, open_page):
    page = open_page("/styleguide/", cast.admin)
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#sample_name").fill("half written")
    page.locator("#sample_is_urgent").check()
    page.wait_for_function("() => Object.keys(sessionStorage).some((key) => key.startsWith('draft:'))")
    page.reload()
    expect(page.locator("#sample_name")).to_have_value("half written")
    expect(page.locator("#sample_is_urgent")).to_be_checked()
    expect(page.locator(".toast")).to_be_visible()
    page.locator(".menu.person summary").click()
    page.locator("form[data-ends-session] button").click()
    page.wait_for_url("**/sign-in/**")
    assert [key for key in page.evaluate("Object.keys(sessionStorage)") if key.startswith("draft:")] == []


@pytest.mark.parametrize("width", [1280, NARROW])
def test_a_message_covers_nothing_of_the_page_that_one_would_press(width, cast, open_page):
    page = open_page("/arrangement/", cast.admin, width=width)
    page.evaluate("""document.dispatchEvent(new CustomEvent("toast", {detail: {text: "已发布，15 人可见。", kind: "warning"}}))""")
    expect(page.locator(".toast")).to_be_visible()
    covered = page.evaluate(
        """() => { const box = document.querySelector(".toasts").getBoundingClientRect();
          return [...document.querySelectorAll("main :is(a, button, input, select, summary), .bottom-bar a, .top form.seek")]
            .filter((element) => element.checkVisibility() && !element.closest(".toasts"))
            .filter((element) => { const other = element.getBoundingClientRect(); return other.top < box.bottom && other.bottom > box.top
              && other.left < box.right && other.right > box.left; }).map((element) => element.outerHTML.slice(0, 99)); }"""
    )
    assert covered == []
