"""A paper with lines: a clerk pastes from a spreadsheet and sees sums as they type, another fills in a column on a phone, the director prints."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from portal.approvals.models import Paper
from tests.approvals.sheets import need_kind
from tests.approvals.writing import approve, now, task_of
from tests.cast import Cast

PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_lines_are_pasted_reckoned_filled_in_and_read(cast: Cast, open_page: Callable[..., Page], assert_accessible: Callable[..., None]) -> None:
    need_kind(cast)
    page = open_page("/approvals/new/need/", cast.inspector)
    page.locator("[name=period]").fill("2026-12")
    page.locator("[name=rate]").fill("1.5")
    page.locator("[id=lines-0-item]").evaluate(PASTE, "丝束 3.0Y\t3,200\t6.1\n纸箱\t10\t5\n")
    expect(page.locator("[id=lines-1-item]")).to_have_value("纸箱")
    expect(page.locator("[id=lines-0-need]")).to_have_text("19,812.800")
    page.locator("[id=lines-0-price]").fill("40.6")
    expect(page.locator("[id=lines-sum-amount]")).to_have_text("804,399.68")
    page.locator("[id=lines-0-output]").press("Enter")
    expect(page.locator("[id=lines-1-output]")).to_be_focused()
    page.locator("[id=lines-1-output]").fill("1.234,5")
    expect(page.locator("[id=lines-1-error]")).to_be_visible()
    assert_accessible(page)
    page.locator("[id=lines-1-output]").fill("10")
    expect(page.locator("[id=lines-1-error]")).to_be_hidden()
    page.locator("[name=act][value=submit]").click()
    expect(page.locator(".said-lines")).to_contain_text("19,812.800")
    paper = Paper.objects.get()
    approve(paper, cast.head)
    phone = open_page(f"/approvals/tasks/{task_of(paper).pk}/filling/", cast.operator, width=360)
    phone.locator("[id=lines-0-stock]").fill("19000")
    phone.locator("[id=lines-1-stock]").fill("60")
    expect(phone.locator("[id=lines-0-short]")).to_have_text("812.800")
    assert_accessible(phone)
    phone.locator("[name=act][value=submit]").click()
    expect(phone.locator(".said-lines")).to_contain_text("812.800")
    assert_accessible(phone)
    assert now(paper).state == "running"
    sheet = open_page(f"/approvals/papers/{paper.pk}/print/", cast.director)
    expect(sheet.locator(".paper-sheet")).to_contain_text("捌拾万肆仟叁佰玖拾玖元陆角捌分")
