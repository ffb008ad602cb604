"""Two people and a message: written with somebody who is offered, saved by itself, taken back, sent, opened, answered."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from mail.services.mailboxes import ensure_mailboxes
from portal.accounts.models import User
from portal.outbox.services import drain
from tests.cast import Cast

OpenPage = Callable[..., Page]


def test_a_message_from_the_first_word_to_its_answer(open_page: OpenPage, cast: Cast, assert_accessible: Callable[..., None]) -> None:
    ensure_mailboxes()
    writer = open_page("/mail/new/", cast.head)
    choose(writer, "wangwei", cast.inspector)
    writer.get_by_label("主题").fill("3 号机组端部落丝超标")
    editor = writer.locator(".mail-form [contenteditable=true]")
    editor.click()
    editor.press_sequentially("请查吸丝带。")
    expect(writer.get_by_text("自动保存")).to_be_visible()
    expect(writer).to_have_url(re.compile(r"/mail/drafts/\d+/$"))
    assert_accessible(writer)
    writer.get_by_role("button", name="发送", exact=True).click()
    expect(writer.get_by_text(re.compile(r"\d+ 秒后发给 王伟"))).to_be_visible()
    writer.get_by_role("button", name="撤销").click()
    expect(writer.locator(".mail-form [contenteditable=true]")).to_contain_text("请查吸丝带。")
    writer.get_by_role("button", name="发送", exact=True).click()
    writer.get_by_role("button", name="马上发").click()
    expect(writer.get_by_text("邮件已发出。")).to_be_visible()
    drain()

    reader = open_page("/mail/", cast.inspector, width=360)
    reader.keyboard.press("j")
    reader.keyboard.press("Enter")
    expect(reader.get_by_text("请查吸丝带。")).to_be_visible()  # opened by the page itself, in a request that says so
    assert_accessible(reader)
    reader.keyboard.press("r")
    expect(reader.get_by_role("checkbox", name=re.compile("李敏"))).to_be_checked()

    writer.goto("/mail/in/sent/")
    writer.get_by_role("link", name="3 号机组端部落丝超标").click()
    expect(writer.get_by_text("1 人已读")).to_be_visible()


def choose(page: Page, spelled: str, person: User) -> None:
    """By the combobox, as one types."""
    box = page.get_by_label("收件人").first
    box.press_sequentially(spelled)
    expect(page.locator(f"[data-token='user:{person.pk}']")).to_be_visible()
    box.press("Enter")
    expect(page.get_by_role("checkbox", name=re.compile(person.name))).to_be_checked()
