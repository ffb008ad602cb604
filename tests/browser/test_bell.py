"""The bell in real tabs: it rings in all of them, is read in all of them, and loses nothing when the sockets are gone (D3)."""

import re

from playwright.sync_api import Page, expect

from tests.browser.pages import tell
from tests.cast import PASSWORD


def expect_count(page: Page, count: int) -> None:
    expect(page.locator(".bell-count")).to_have_text(str(count) if count else "")


def expect_listening(*pages: Page) -> None:
    for page in pages:
        expect(page.locator("body")).to_have_attribute("data-live", "socket")


def test_a_notification_rings_in_every_tab_and_is_read_everywhere_once_read_anywhere(cast, sockets, open_page):
    first = open_page("/", cast.operator)
    second = first.context.new_page()
    second.goto("/organization/people/")
    elsewhere = open_page("/places/", cast.operator)
    colleague = open_page("/", cast.head)
    expect_listening(first, second, elsewhere, colleague)
    tell("温湿度管理办法", cast.operator)
    for page in (first, second, elsewhere):
        expect_count(page, 1)
        expect(page.locator("#announcements")).to_contain_text("温湿度管理办法")
        expect(page).to_have_title(re.compile(r"^\(1\) "))
    expect_count(colleague, 0)
    tell("夜班安排", cast.operator, cast.head)
    for page in (first, second, elsewhere):
        expect_count(page, 2)
    expect_count(colleague, 1)
    second.locator(".bell summary").click()
    expect(second.locator(".bell-list .bell-row.unread")).to_have_count(2)
    second.locator(".bell-reading button").click()
    for page in (first, second, elsewhere):
        expect_count(page, 0)
    expect_count(colleague, 1)


def test_when_the_sockets_die_pages_ask_and_when_they_are_back_nothing_is_lost(cast, sockets, open_page):
    page = open_page("/", cast.operator)
    expect_listening(page)
    sockets.stop()
    expect(page.locator("body")).to_have_attribute("data-live", "asking")
    tell("断线时的通知", cast.operator)
    sockets.start()
    expect(page.locator("body")).to_have_attribute("data-live", "socket")
    expect_count(page, 1)
    tell("恢复后的通知", cast.operator)
    expect_count(page, 2)


def test_where_sockets_are_blocked_pages_ask_at_intervals(cast, open_page):
    page = open_page("/robots.txt", cast.operator)
    page.clock.install()
    page.goto("/")
    expect(page.locator("body")).to_have_attribute("data-live", "asking")
    tell("没有连接时的通知", cast.operator)
    expect_count(page, 0)
    page.clock.run_for(40_000)
    expect_count(page, 1)


def test_a_page_closes_its_socket_when_the_session_ends_in_another_tab(cast, sockets, open_page):
    page = open_page("/accounts/sign-in/")
    page.locator("[name=login]").fill("10004")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect_listening(page)
    elsewhere = page.context.new_page()
    elsewhere.goto("/places/")
    elsewhere.locator(".menu.person summary").click()
    elsewhere.locator("form[data-ends-session] button").click()
    elsewhere.wait_for_url("**/sign-in/**")
    tell("不该看到", cast.operator)
    page.wait_for_url("**/sign-in/**")  # home asks anew what is on its boards, and is led to sign in
    assert "不该看到" not in page.content()
