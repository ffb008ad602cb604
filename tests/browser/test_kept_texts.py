"""What is typed anywhere stays in its tab until the portal has it: the session may end, the page may be left, the form may be refused."""

import re
from contextlib import suppress

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Error, Page, expect

from bulletin.models import Notice
from bulletin.services.boards import board_of
from portal.discussion.models import Comment
from portal.discussion.services import post_comment
from tests.bulletin.writing import write

NOT_YET = "再多写几个字就开始存稿。"
SIGN_IN = re.compile("/sign-in/")
DRAFTS = "Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length"


@pytest.fixture
def notice(cast) -> Notice:
    return write(board_of(cast.quality), cast.head)


def press_signed_out(page: Page, button: str) -> None:
    """The session has ended, and the page does not know; perhaps it learns of it by itself before the button is pressed."""
    Session.objects.all().delete()
    with suppress(Error):
        page.locator(button).first.click(timeout=3_000)
    expect(page).to_have_url(SIGN_IN)  # asked again and again: either way there may be given up for the other
    expect(page.locator("#id_login")).to_be_visible()


def sign_in(page: Page, person) -> None:
    client = Client()
    client.force_login(person)
    page.context.add_cookies([{"name": "gongfang_session", "value": client.cookies["gongfang_session"].value, "url": page.evaluate("location.origin")}])


def test_a_comment_and_a_reply_outlive_the_session(cast, notice, open_page):
    first = post_comment(actor=cast.head, about=notice, body="请各班报数")
    path = f"{notice.get_absolute_url()}?comments=1"
    page = open_page(path, cast.inspector)
    page.locator("#discussion-body").fill("湿度偏高")
    press_signed_out(page, ".composer .primary")
    sign_in(page, cast.inspector)
    page.goto(path)
    expect(page.locator("#discussion-body")).to_have_value("湿度偏高")
    page.locator(".composer .primary").first.click()
    expect(page.locator(".comment", has_text="湿度偏高")).to_have_count(1)
    expect(page.locator("#discussion-body")).to_have_value("")
    page.wait_for_function(f"{DRAFTS} === 0")

    page.locator(f"#comment-{first.pk} a[href$='/reply/']").click()
    page.locator(".reply-place textarea").fill("甲班 12 人")
    press_signed_out(page, ".reply-place .primary")
    sign_in(page, cast.inspector)
    page.goto(path)
    expect(page.locator(".reply-place textarea")).to_have_value("甲班 12 人")
    page.locator(".reply-place .primary").click()
    expect(page.locator(".replies .comment")).to_contain_text("甲班 12 人")
    assert Comment.objects.filter(author=cast.inspector).count() == 2
    page.reload()
    expect(page.locator("#discussion-body")).to_have_value("")


def test_a_few_letters_of_a_title_stay_in_the_tab_and_make_no_draft(cast, notice, open_page):
    page = open_page("/bulletin/notices/new/", cast.head)
    page.locator(".rich-text.on").wait_for()
    page.locator("#id_title").press_sequentially("备样检")
    expect(page.locator('[data-part="status"]')).to_have_text(NOT_YET)
    page.goto("/bulletin/")
    page.goto("/bulletin/notices/new/")
    expect(page.locator("#id_title")).to_have_value("备样检")
    assert Notice.objects.get() == notice


def test_a_field_of_any_form_outlives_the_session_for_its_writer_alone(cast, notice, open_page):
    path = f"{notice.get_absolute_url()}retraction/"
    page = open_page(path, cast.head)
    page.locator("#id_reason").fill("第三条数据有误")
    press_signed_out(page, "main button.danger")
    sign_in(page, cast.head)
    page.goto(path)
    expect(page.locator("#id_reason")).to_have_value("第三条数据有误")
    page.locator("#id_reason").fill("")
    page.locator("main button.danger").click()
    expect(page.locator(".help.wrong, .error").first).to_be_visible()
    page.locator("#id_reason").fill("数据有误")
    press_signed_out(page, "main button.danger")
    sign_in(page, cast.deputy)
    page.goto(path)
    expect(page.locator("#id_reason")).to_have_value("")
    page.locator("#id_reason").fill("由代理人撤下")
    page.locator("main button.danger").click()
    page.wait_for_url(f"**{notice.get_absolute_url()}")
    page.wait_for_function(f"{DRAFTS} === 0")
    assert Notice.objects.get().retraction_reason == "由代理人撤下"
