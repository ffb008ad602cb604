"""Wagtail's editor, as a head walks through it: nothing on the console, our controls alive, a correction published."""

import re

import pytest
from playwright.sync_api import expect

from bulletin.models import Notice
from bulletin.services.boards import board_of, keep_board
from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from portal.accounts.services import save_preferences
from tests.bulletin.writing import write


@pytest.fixture
def notice(cast):
    board = board_of(cast.quality)
    keep_board(board, document_prefix="厂质", needs_second_person=False, actor=cast.head)
    return write(board, cast.head)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_head_corrects_a_notice_in_the_editor(cast, notice, open_page, language):
    save_preferences(cast.head, language=language)
    page = open_page(f"/editor/pages/{notice.pk}/edit/", cast.head)
    page.locator(".rich-text.on").wait_for()
    expect(page.locator(".audience .token")).to_have_count(1)
    page.locator(".ProseMirror").click()
    page.keyboard.type("每班两次")
    page.locator("#id_change_note").fill("第三条")
    page.locator("footer [data-w-dropdown-target=toggle], .footer [data-w-dropdown-target=toggle]").last.click()
    page.locator("button[name=action-publish]").click()
    page.wait_for_load_state()
    stored = Notice.objects.get(pk=notice.pk)
    assert stored.version_number == 2
    assert "每班两次" in stored.body
    for path in (
        f"/editor/pages/{notice.pk}/history/",
        "/editor/pages/",
        f"/editor/pages/{notice.get_parent().pk}/",
        f"/editor/pages/{notice.pk}/revisions/compare/earliest...latest/",
    ):
        assert page.goto(path).status == 200
        page.wait_for_load_state()
    assert Audience.objects.for_rule(AudienceRule.of([department_token(cast.quality.pk)])) == stored.audience


def test_what_is_published_while_it_is_saved_by_itself_is_one_notice_with_what_was_typed_last(cast, open_page):
    board = board_of(cast.quality)
    page = open_page("/", cast.head)
    page.add_init_script("document.addEventListener('w-unsaved:watch-edits', () => { document.documentElement.dataset.watched = '' })")
    page.goto(f"/editor/pages/add/bulletin/notice/{board.pk}/")
    page.locator("html[data-watched] .rich-text.on").wait_for()
    held = []

    def hold(route):
        """The server has saved it; the page does not know yet."""
        if route.request.is_navigation_request() or held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.route(f"**/editor/pages/add/bulletin/notice/{board.pk}/", hold)
    page.locator("#id_title").fill("设备点检")
    page.locator(".ProseMirror").click()
    page.keyboard.type("每班一次")
    for _ in range(600):
        if held:
            break
        page.wait_for_timeout(50)
    page.keyboard.type("，由班长签字")
    page.locator("footer [data-w-dropdown-target=toggle], .footer [data-w-dropdown-target=toggle]").last.click()
    page.locator("button[name=action-publish]").click(no_wait_after=True)
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page.locator(".messages .success")).to_be_visible(timeout=30_000)
    begun = Notice.objects.get()
    assert begun.is_shown
    assert "由班长签字" in begun.body
    expect(page).to_have_url(re.compile(f"/editor/pages/{begun.pk}/edit/$"))
