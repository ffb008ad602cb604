"""Writing a notice in a real browser: typed, pasted, dropped, saved by itself, published."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from bulletin.models import Notice
from bulletin.services.boards import board_of, keep_board
from portal.organization.querysets import today
from portal.pages.services import save_draft
from tests.browser.test_files import DROP
from tests.browser.test_rich_text import WORD, paste
from tests.bulletin.writing import draft, write

NEW = "/bulletin/notices/new/"
MOST_OF_A_BAR = 120  # pixels on a phone
SAVED = re.compile("自动保存|by itself")


@pytest.fixture
def board(cast):
    board = board_of(cast.quality)
    keep_board(board, document_prefix="厂质", needs_second_person=False, actor=cast.head)
    return board


def begin(open_page, person, path: str = NEW, **look) -> Page:
    page = open_page(path, person, **look)
    page.locator(".rich-text.on").wait_for()
    return page


def status(page: Page):
    return page.locator(".foot [data-part=status]")


def body_of(notice: Notice) -> str:
    return Notice.objects.get(pk=notice.pk).get_latest_revision_as_object().body


def test_a_head_types_pastes_drops_chooses_and_publishes(cast, board, open_page, assert_accessible):
    page = begin(open_page, cast.head)
    page.locator("#id_title").fill("关于十二月份成品抽检安排的通知")
    page.locator(".ProseMirror").click()
    paste(page, WORD)
    expect(status(page)).to_have_text(SAVED)
    expect(page).to_have_url(re.compile(r"/notices/\d+/draft/$"))  # the draft has its own address from the first save
    page.evaluate(DROP, ["[data-part=drop]", [["抽检计划.txt", "plan"]]])
    expect(page.locator(".chosen")).to_have_count(1)
    page.locator("#id_audience_add_include").fill("销售")
    page.locator(".audience .choice", has_text="销售").first.click()
    expect(page.locator(".audience .token")).to_have_count(2)
    assert_accessible(page)
    page.get_by_role("button", name="发布", exact=True).click()
    page.wait_for_url(re.compile(r"/notices/\d+/$"))
    notice = Notice.objects.get()
    assert notice.is_shown
    assert "<table>" in notice.body
    assert "片烟库" in notice.body
    assert "<script" not in notice.body
    assert len(notice.file_ids) == 1
    assert len(notice.audience.include) == 2
    assert page.evaluate("sessionStorage.getItem('writing:/bulletin/notices/new/')") is None, "the next notice begins empty"


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Go on with the Tab key until this has the focus."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the Tab key does not lead to {selector}")


def test_a_notice_is_written_and_published_with_the_keyboard_alone(cast, board, open_page, tmp_path):
    file = tmp_path / "抽检计划.txt"
    file.write_text("计划")
    page = begin(open_page, cast.head)
    tab_to(page, "#id_title")
    page.keyboard.type("只用键盘写的通知")
    tab_to(page, ".ProseMirror")
    page.keyboard.type("每班两次取样。")
    expect(page.locator("[role=toolbar] [data-part=table]")).to_be_hidden()
    page.keyboard.press("Alt+F10")
    assert page.evaluate("document.activeElement.closest('[role=toolbar]') !== null")
    page.keyboard.press("Escape")
    # Listened for from before the way there: a browser that is busy takes its time to hand the dialog over.
    with page.expect_file_chooser() as chooser:
        tab_to(page, "#id_file_ids")
        page.keyboard.press("Space")
    chooser.value.set_files(file)
    expect(page.locator(".chosen")).to_have_count(1)
    tab_to(page, "#id_audience_add_include")
    page.keyboard.type("销售")
    page.locator(".audience .choice", has_text="销售").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".audience .token")).to_have_count(2)
    tab_to(page, "button[value=publish]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/notices/\d+/$"))
    notice = Notice.objects.get()
    assert (notice.is_shown, notice.body, len(notice.file_ids), len(notice.audience.include)) == (True, "<p>每班两次取样。</p>", 1, 2)


def test_a_short_notice_prints_on_one_sheet_with_its_head_and_number(cast, board, open_page):
    rows = "".join(f"<tr><td>{number} 号机组</td><td>8:00</td></tr>" for number in range(1, 9))
    body = f"<p>各机组提前备样。</p><table><tr><th>机组</th><th>时间</th></tr>{rows}</table>"
    notice = write(board, cast.head, kind="document", body=body)
    page = open_page(f"/bulletin/notices/{notice.pk}/", cast.inspector)
    sheets = page.pdf(format="A4")
    assert sheets.count(b"/Type /Page\n") + sheets.count(b"/Type /Page ") + sheets.count(b"/Type /Page/") == 1
    page.emulate_media(media="print")
    expect(page.get_by_text(notice.number)).to_be_visible()
    expect(page.locator(".rail")).to_be_hidden()
    assert page.locator("tr").first.evaluate("row => getComputedStyle(row).breakInside") == "avoid"


def test_focus_and_text_stay_while_it_saves_by_itself(cast, board, open_page):
    page = begin(open_page, cast.head)
    title = page.locator("#id_title")
    title.press_sequentially("一二三四")
    expect(status(page)).to_have_text(SAVED)
    title.press_sequentially("五六")
    assert title.input_value() == "一二三四五六"
    assert page.evaluate("document.activeElement.name") == "title"
    expect(status(page)).to_have_text(SAVED)
    assert Notice.objects.get().draft_title in {"一二三四", "一二三四五六"}
    page.set_viewport_size({"width": 360, "height": 780})
    expect(page.locator(".bottom-bar")).to_be_hidden()
    box = page.locator("#page-form > .foot").bounding_box()
    assert box
    assert (box["y"] + box["height"], box["height"] <= MOST_OF_A_BAR) == (780, True)


def test_errors_stand_at_their_fields_and_nothing_is_lost(cast, board, open_page, assert_accessible):
    page = begin(open_page, cast.head, theme="dark", width=360)
    page.locator("#id_needs_confirmation").check()
    page.locator("#id_confirm_by").fill(f"{today() - timedelta(days=2):%Y-%m-%d}T18:00")
    page.locator(".ProseMirror").click()
    page.keyboard.type("正文在此")
    page.locator("button[value=publish]").click()
    page.locator(".summary").wait_for()
    expect(page.locator(".has-error")).to_have_count(2)
    expect(page.locator(".ProseMirror")).to_contain_text("正文在此")
    assert_accessible(page)
    page.locator("#id_title").fill("补上标题")
    page.locator("#id_confirm_by").fill(f"{today() + timedelta(days=2):%Y-%m-%d}T18:00")
    page.locator("button[value=publish]").click()
    page.wait_for_url(re.compile(r"/notices/\d+/$"))
    assert Notice.objects.get().is_shown, "what was refused and sent again is one notice"
    page.goto(page.url.replace(re.search(r"/bulletin/.*", page.url)[0], NEW))
    page.locator(".rich-text.on").wait_for()
    expect(page.locator("#id_title")).to_have_value("")


def test_what_is_typed_offline_is_said_and_saved_when_the_line_is_back(cast, board, open_page):
    written = draft(board, cast.head)
    page = begin(open_page, cast.head, f"/bulletin/notices/{written.pk}/draft/")
    page.context.set_offline(True)
    page.locator(".ProseMirror").click()
    page.keyboard.type("断网时写的")
    expect(status(page)).to_have_class(re.compile("wrong"))
    page.context.set_offline(False)
    expect(status(page)).to_have_text(SAVED)
    assert "断网时写的" in body_of(written)


def test_the_session_that_ended_loses_nothing(cast, board, open_page):
    written = draft(board, cast.head)
    path = f"/bulletin/notices/{written.pk}/draft/"
    page = begin(open_page, cast.head, path)
    Session.objects.all().delete()
    page.locator(".ProseMirror").click()
    page.keyboard.type("会话结束后写的")
    expect(status(page).get_by_role("link")).to_be_visible()
    sign_in_again(page, cast.head)
    page.goto(path)
    page.locator(".rich-text.on").wait_for()
    expect(page.locator(".ProseMirror")).to_contain_text("会话结束后写的")
    expect(status(page)).to_have_text(SAVED)
    assert "会话结束后写的" in body_of(written)


def test_a_form_offers_nothing_of_what_was_sent_and_coming_back_to_it_sends_nothing_twice(cast, board, open_page):
    page = begin(open_page, cast.head)
    page.locator("#id_title").fill("马上发布")
    page.evaluate("document.querySelector('.ProseMirror').focus()")
    page.keyboard.type("不等自动保存。")
    page.locator("#id_is_urgent").check()
    page.locator("button[value=publish]").click()
    page.wait_for_url(re.compile(r"/notices/\d+/$"))
    made = page.url
    page.go_back()
    page.wait_for_url(made)
    page.goto(NEW)
    page.locator(".rich-text.on").wait_for()
    expect(page.locator("#id_title")).to_have_value("")
    expect(page.locator(".ProseMirror")).to_have_text("")
    expect(page.locator("#id_is_urgent")).not_to_be_checked()
    # What was sent is asked about, and forgotten.
    page.wait_for_function("!Object.keys(sessionStorage).some((name) => name.startsWith('writing:'))")
    assert Notice.objects.get().version_number == 1


def test_a_new_form_that_was_left_before_it_was_saved_is_gone_on_with(cast, board, open_page):
    page = begin(open_page, cast.head)
    Session.objects.all().delete()
    page.locator("#id_title").fill("还没有保存")
    page.locator("button[value=publish]").click()
    page.wait_for_url(re.compile("/sign-in/"))
    sign_in_again(page, cast.head)
    page.goto(NEW)
    expect(page.locator("#id_title")).to_have_value("还没有保存")
    expect(status(page)).to_have_text(SAVED)
    assert Notice.objects.get().draft_title == "还没有保存"


def sign_in_again(page: Page, person) -> None:
    client = Client()
    client.force_login(person)
    page.context.add_cookies([{"name": "gongfang_session", "value": client.cookies["gongfang_session"].value, "url": page.evaluate("location.origin")}])


def test_two_writers_are_shown_both_texts(cast, board, open_page, assert_accessible):
    written = draft(board, cast.head)
    page = begin(open_page, cast.deputy, f"/bulletin/notices/{written.pk}/draft/")
    save_draft(written, actor=cast.head, values={"body": "<p>李敏写的</p>"}, seen=None)
    page.locator(".ProseMirror").click()
    page.keyboard.type("赵静写的")
    status(page).get_by_role("button").click()
    page.locator(".conflict").wait_for()
    expect(page.locator(".ProseMirror")).to_contain_text("赵静写的")
    assert "李敏写的" in body_of(written)
    assert_accessible(page)
    page.locator(".conflict button").click()
    page.wait_for_load_state()
    assert "赵静写的" in body_of(written)


def test_without_scripts_it_is_a_plain_form(cast, board, open_page):
    page = open_page(NEW, cast.head, scripts=False)
    page.locator("#id_body").fill("第一段\n\n第二段")
    page.locator("button[value=publish]").click()
    page.locator("#id_title").fill("无脚本")
    page.locator("button[value=publish]").click()
    notice = Notice.objects.get()
    assert notice.is_shown
    assert notice.body == "<p>第一段</p><p>第二段</p>"
