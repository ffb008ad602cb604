"""The forum with several people at once: one writes under a mask, one reads an open page and answers, one moderates; nothing moves what is being read."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from forum.models import Case, Draft
from tests.browser.pages import carry_out_effects, elsewhere
from tests.forum.masked import anonymous_board, make_crowd, make_officers, pass_round, rounds
from tests.forum.writing import make_thread, moderators_duty

__all__ = ["rounds"]


@pytest.mark.usefixtures("rounds")
def test_a_thread_in_three_windows_is_answered_by_a_mask_reported_and_hidden_at_once(cast, sockets, open_page, assert_accessible):
    make_crowd(cast)
    make_officers(cast)
    board = anonymous_board(cast, duty=moderators_duty(cast, cast.workshop_head))
    thread = make_thread(board, cast.head)
    address = thread.get_absolute_url()
    carry_out_effects()

    reader = open_page(address, cast.inspector, width=360)
    expect(reader.locator("body")).to_have_attribute("data-live", "socket")
    masked = open_page(address, cast.operator)
    masked.locator(".mask-form > summary").click()
    masked.locator(".mask-form textarea").fill(f"{cast.operator.name} 说：加班费没发。")
    expect(masked.locator("[data-names]")).to_contain_text(cast.operator.name)
    masked.locator(".mask-form textarea").fill("加班费没发，@李敏 请帮忙问问。")
    expect(masked.locator("[data-names]")).to_be_hidden()
    assert_accessible(masked)
    masked.locator(".mask-form .primary").click()
    expect(masked.locator(".toast, .messages")).to_contain_text("不带姓名")
    assert not Draft.objects.exists()
    elsewhere(pass_round)
    carry_out_effects()

    expect(reader.locator("#arrivals a")).to_contain_text("1")
    expect(reader.locator(".posts .post")).to_have_count(1)
    reader.locator("#arrivals a").click()
    expect(reader.locator("#post-2")).to_contain_text("匿名甲")
    expect(reader.locator("body")).to_have_attribute("data-live", "socket")
    assert_accessible(reader)
    reader.locator("#post-2 [data-behavior=menu] summary").click()
    reader.locator("#post-2 a[href$='/report/']").click()
    reader.locator("[name=reason]").fill("未经核实")
    reader.locator("main .primary, main .danger").first.click()
    expect(reader.locator("#post-2")).to_be_visible()
    expect(reader.locator("body")).to_have_attribute("data-live", "socket")
    carry_out_effects()

    moderator = open_page("/forum/cases/", cast.workshop_head)
    moderator.locator("main tbody a").first.click()
    expect(moderator.locator("main")).to_contain_text("加班费没发")
    moderator.goto(f"{address}?page=1")
    moderator.locator("#post-2 [data-behavior=menu] summary").click()
    moderator.locator("#post-2 a[href$='/hiding/']").click()
    moderator.locator("[name=reason]").fill("待核实后再议")
    moderator.locator("main .danger, main .primary").first.click()
    expect(moderator.locator("#post-2")).to_contain_text("待核实后再议")
    carry_out_effects()
    expect(reader.locator("#post-2")).to_contain_text("待核实后再议")
    expect(reader.locator("#post-2")).not_to_contain_text("加班费没发")
    assert not Case.objects.filter(state=Case.State.OPEN).exists()


def test_a_reply_keeps_itself_quotes_and_is_followed(cast, sockets, open_page, assert_accessible):
    board = anonymous_board(cast)
    thread = make_thread(board, cast.head, cast.operator)
    writer = open_page(f"{thread.get_absolute_url()}", cast.inspector)
    writer.locator("#post-2").get_by_role("link", name="引用").click()
    expect(writer.locator(".reply-form .quoted")).to_contain_text("张强")
    writer.locator(".reply-form .rich-text.on").wait_for()
    writer.locator(".reply-form .ProseMirror").click()
    writer.keyboard.type("半径改成 450 试试。@lim")
    expect(writer.get_by_role("option", name=re.compile("李敏"))).to_be_visible()
    assert_accessible(writer)
    with writer.expect_response(lambda response: quote("@李敏") in (response.request.post_data or "")):  # "@lim" is perhaps kept before
        writer.keyboard.press("Enter")
    expect(writer.locator(".ProseMirror")).to_contain_text("@李敏")
    expect(writer.locator(".reply-form")).to_contain_text("草稿已保存")
    writer = open_page(thread.get_absolute_url(), cast.inspector, width=360)  # on another machine
    expect(writer.locator(".reply-form .ProseMirror")).to_contain_text("半径改成 450 试试。")
    writer.goto(f"{thread.get_absolute_url()}?quote=2")
    writer.locator(".reply-form .primary").click()
    expect(writer.locator("#post-3")).to_contain_text("半径改成 450 试试。")
    expect(writer.locator("#post-3 .quoted")).to_contain_text("张强")
    writer.locator(".follow [value=all]").click()
    expect(writer.locator(".follow [value=all]")).to_have_attribute("aria-pressed", "true")
    assert not Draft.objects.exists()
