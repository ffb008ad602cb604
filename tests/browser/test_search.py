"""Searching in a real browser: as one types, by the keyboard, on a phone, without scripts."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from bulletin.services.boards import board_of
from portal.access.rules import department_token
from portal.search.finding import PAGE
from portal.search.models import Look
from tests.browser.pages import elsewhere, index_everything
from tests.bulletin.writing import audience, write
from tests.cast import Cast
from tests.search.indexing import paper, settle, start_afresh

OpenPage = Callable[..., Page]
NARROW = 360


@pytest.fixture
def board(cast: Cast) -> Iterator[object]:
    """The board of 质检科, and an index that knows the people."""
    index_everything()
    yield board_of(cast.quality)
    start_afresh()


def box(page: Page):
    return page.locator(".seek input")


def panel(page: Page):
    return page.locator("#found")


def publish(board, cast: Cast, *titles: str, **values: object) -> None:
    """For everyone, unless an audience is given; when this returns a worker has followed."""

    def work() -> None:
        for title in titles:
            write(board, cast.head, title=title, **({"audience": audience("all")} | values))
        settle()

    elsewhere(work)


def type_words(page: Page, words: str) -> None:
    box(page).press_sequentially(words, delay=15)


def test_a_colleague_is_reached_by_the_keyboard_alone(cast, board, open_page):
    page = open_page("/", cast.operator)
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    type_words(page, "limin")
    expect(panel(page)).to_be_visible()
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    first = panel(page).locator("[role=option]").first
    expect(first).to_have_attribute("aria-selected", "true")
    expect(box(page)).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("李敏")


def test_a_search_is_narrowed_turned_and_come_back_to(cast, board, open_page):
    day = timezone.now() - timedelta(minutes=1)
    for number in range(PAGE + 16):
        paper(f"第{number:02d}批成品抽检记录", issued_at=day - timedelta(days=number))
    publish(board, cast, "成品抽检安排", "抽检设备检定")
    page = open_page("/", cast.operator)
    page.keyboard.press("/")
    type_words(page, "抽检")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text=str(PAGE + 18))).to_be_visible()
    expect(page.locator(".result mark").first).to_have_text("抽检")
    page.locator("aside .facet a", has_text="质检科").click()
    expect(page.locator(".result")).to_have_count(2)
    page.locator(".filters a.chip", has_text="质检科").click()
    expect(page.locator(".result")).to_have_count(PAGE)
    page.locator(".filters a", has_text="最新在前").click()
    expect(page.locator(".result").nth(2)).to_contain_text("第00批")
    page.locator("a[rel=next]").click()
    expect(page.locator(".result").last).to_contain_text("第35批")
    address = page.url
    page.locator(".result").last.scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 0
    page.locator(".result a.title").last.click()
    page.go_back()
    expect(page).to_have_url(address)
    expect(box(page)).to_have_value("抽检")
    expect(page.locator(".result").last).to_be_in_viewport()
    colleague = open_page(address, cast.head)
    expect(colleague.locator(".result").last).to_contain_text("第35批")


def test_enter_searches_what_stands_there_and_opens_nothing_that_was_offered_before(cast, board, open_page):
    publish(board, cast, "停电检修", "停产安排")
    page = open_page("/", cast.operator)
    page.keyboard.press("/")
    type_words(page, "停")
    expect(panel(page)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(panel(page).locator("[aria-selected=true]")).to_have_count(1)
    page.keyboard.type("产安排")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("停产安排")
    expect(page.locator(".result")).to_have_count(1)


def test_the_answer_to_what_was_typed_last_is_shown_however_late_others_come(cast, board, open_page):
    publish(board, cast, "停电检修", "停产安排")
    page = open_page("/", cast.operator)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/search/typing/\?q=%E5%81%9C$"), hold)
    box(page).fill("停")
    expect(page.locator(".seek[aria-busy=true]")).to_have_count(1)
    assert held
    box(page).fill("停产")
    expect(panel(page).locator("[role=option]").first).to_contain_text("停产安排")
    for route in held:
        route.abort()
    expect(panel(page)).not_to_contain_text("停电")
    expect(page.locator(".seek[aria-busy]")).to_have_count(0)


def test_what_is_typed_just_before_an_earlier_answer_comes_is_asked_for_all_the_same(cast, board, open_page):
    publish(board, cast, "停电检修", "停产安排")
    page = open_page("/", cast.operator)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/search/typing/\?q=%E5%81%9C$"), hold)
    page.clock.install()
    page.clock.pause_at(timezone.now() + timedelta(hours=1))
    box(page).fill("停")
    page.clock.run_for(600)
    expect(page.locator(".seek[aria-busy=true]")).to_have_count(1)
    box(page).fill("停产")
    held[0].continue_()
    expect(page.locator(".seek[aria-busy]")).to_have_count(0)
    page.clock.run_for(600)
    expect(panel(page).locator("[role=option]").first).to_contain_text("停产安排")


def test_escape_closes_the_panel_and_then_goes_back_to_where_one_was(cast, board, open_page):
    publish(board, cast, "停电检修")
    page = open_page("/", cast.operator)
    link = page.locator(".rail a").nth(2)
    link.focus()
    page.keyboard.press("/")
    type_words(page, "停电")
    expect(panel(page)).to_be_visible()
    expect(page.locator("#announcements")).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("停电")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_what_an_input_method_is_composing_is_not_asked_for(cast, board, open_page):
    publish(board, cast, "停电检修")
    page = open_page("/", cast.operator)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/search/typing/" in request.url else None)
    box(page).focus()
    keyboard = page.context.new_cdp_session(page)
    for letters in ("t", "ting", "tingdian"):
        keyboard.send("Input.imeSetComposition", {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)})
    keyboard.send("Input.insertText", {"text": "停电"})
    expect(panel(page).locator("[role=option]").first).to_contain_text("停电检修")
    assert len(asked) == 1


def test_a_notice_is_found_within_seconds_by_those_it_is_for_and_by_nobody_else(cast, board, open_page):
    reader, outsider = open_page("/", cast.inspector), open_page("/", cast.operator)
    for page in (reader, outsider):
        box(page).fill("水分超标")
        expect(panel(page)).to_be_visible()
        expect(panel(page).locator("[role=option]")).to_have_count(0)
    publish(board, cast, "烘丝机水分超标处理", audience=audience(department_token(cast.quality.pk)))
    for page in (reader, outsider):
        box(page).fill("")
        expect(panel(page)).to_be_hidden()
        box(page).fill("水分超标")
        expect(panel(page)).to_be_visible()
    expect(panel(reader).locator("[role=option]").first).to_contain_text("水分超标")
    expect(panel(outsider).locator("[role=option]")).to_have_count(0)
    box(outsider).press("Enter")
    expect(outsider.get_by_role("heading", level=1)).to_contain_text("水分超标")
    expect(outsider.locator(".result")).to_have_count(0)
    expect(outsider.locator("main")).not_to_contain_text("烘丝机")


def test_what_is_new_since_last_time_is_told_and_shown_alone(cast, board, open_page):
    paper("停电检修", issued_at=timezone.now() - timedelta(days=2))
    elsewhere(settle)
    page = open_page("/", cast.operator)
    with page.expect_response("**/search/looks/"):
        page.goto("/search/?q=停电")
    expect(page.locator(".result")).to_have_count(1)
    Look.objects.update(looked_at=timezone.now() - timedelta(hours=1))
    publish(board, cast, "停电改期")
    page.reload()
    expect(page.locator(".result .tag.notice")).to_have_count(1)
    page.locator(".filters a[href*='new=1']").click()
    expect(page.locator(".result")).to_have_count(1)
    expect(page.locator(".result")).to_contain_text("停电改期")
    page.locator(".filters a[aria-current]:has(svg)").click()
    expect(page.locator(".result")).to_have_count(2)


@pytest.mark.parametrize("width", [1280, NARROW])
def test_searching_is_accessible(cast, board, open_page, assert_accessible, width):
    publish(board, cast, "停电检修", "停电" + "很长的标题" * 20)
    page = open_page("/robots.txt", cast.admin, width=width)
    for path in (
        "/search/",
        "/search/?q=停电",
        "/search/?q=停电&kind=notice&year=2026",
        "/search/?q=停电&type=pdf",
        "/search/?q=停电&page=9",
        f"/search/?q={'x' * 200}",
    ):
        page.goto(path)
        assert_accessible(page, with_frame=False)
    page = open_page("/", cast.operator, width=width)
    for words in ("停电", "没有的东西"):
        box(page).fill(words)
        expect(panel(page)).to_be_visible()
        page.keyboard.press("ArrowDown")
        assert_accessible(page)


def test_on_a_phone_the_box_takes_the_whole_bar_and_is_closed_by_a_press(cast, board, open_page):
    publish(board, cast, *(f"停电检修第{number}次" for number in range(9)))
    page = open_page("/", cast.operator, width=NARROW)
    box(page).click()
    type_words(page, "停电")
    expect(panel(page)).to_be_visible()
    bar, offered, bottom = page.locator(".seek").bounding_box(), panel(page).bounding_box(), page.locator(".bottom-bar").bounding_box()
    assert bar
    assert offered
    assert bottom
    assert bar["width"] > NARROW - 30
    assert offered["y"] >= bar["y"] + bar["height"] - 1
    assert offered["y"] + offered["height"] <= bottom["y"]
    page.locator(".seek-close").click()
    expect(panel(page)).to_be_hidden()
    expect(page.locator(".seek-close")).to_be_hidden()
    expect(page.locator(".top .menu").first).to_be_visible()


def test_on_a_phone_the_results_come_first_and_are_narrowed_on_demand(cast, board, open_page):
    publish(board, cast, "停电检修")
    paper("停电记录")
    elsewhere(settle)
    page = open_page("/search/?q=停电", cast.operator, width=NARROW)
    expect(page.locator(".result").first).to_be_in_viewport()
    expect(page.locator("aside .facet").first).to_be_hidden()
    page.locator(".narrowing summary").click()
    page.locator(".narrowing a", has_text="质检科").click()
    expect(page.locator(".result")).to_have_count(1)
    expect(page.locator(".filters a.chip", has_text="质检科")).to_be_visible()


def test_without_scripts_everything_can_be_searched_and_narrowed(cast, board, open_page):
    publish(board, cast, "停电检修", "停电通知")
    page = open_page("/", cast.operator, scripts=False, width=NARROW)
    box(page).fill("停电")
    page.keyboard.press("Enter")
    expect(page.locator(".result")).to_have_count(2)
    page.locator(".narrowing summary").click()
    page.locator(".narrowing a", has_text="质检科").click()
    expect(page.locator(".result")).to_have_count(2)
    expect(page).to_have_url(re.compile("department="))
    page.locator(".result a.title").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("停电")
