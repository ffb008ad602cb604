"""What comes out of the printer: a long notice as the plant files it."""

import io
import re
from datetime import timedelta
from itertools import pairwise

import pypdfium2
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from bulletin.services.boards import board_of, keep_board
from portal.attachments.extraction import read_waiting
from portal.attachments.services import receive_file
from tests.approvals.sheets import need_kind
from tests.approvals.writing import submit
from tests.attachments import samples
from tests.bulletin.writing import write

SECTION = "<h2>温湿度标准</h2>" + "<p>各仓库保管员应当每日两次记录温湿度，记录字迹清楚，不得涂改。</p>" * 6
TABLE = "<table><tr><th>库区</th><th>湿度</th></tr>" + "".join(f"<tr><td>{number} 号库</td><td>60</td></tr>" for number in range(1, 60)) + "</table>"


def sheets_of(page) -> list[str]:
    """The text of each sheet, as the browser would print it, without its spaces."""
    document = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))
    return ["".join(sheet.get_textpage().get_text_range().split()) for sheet in document]


@pytest.fixture
def notice(cast):
    board = board_of(cast.quality)
    keep_board(board, document_prefix="厂质", needs_second_person=False, actor=cast.head)
    return write(board, cast.head, kind="document", body=SECTION * 6 + TABLE)


def test_a_long_document_prints_with_its_head_once_and_the_number_of_each_sheet(cast, notice, open_page):
    sheets = sheets_of(open_page(f"/bulletin/notices/{notice.pk}/", cast.inspector))
    assert len(sheets) > 2
    first, *others = sheets
    for words in (cast.plant.name, notice.department.name, notice.number, notice.title):
        assert words in first
    for number, sheet in enumerate(sheets, 1):
        assert f"{number}/{len(sheets)}" in sheet
    assert not any(notice.number in sheet or notice.title in sheet for sheet in others)
    assert sum("库区" in sheet for sheet in sheets) > 1, "a table that goes on has its head on every sheet"


def test_the_head_of_a_document_is_for_paper_and_not_for_the_screen(cast, notice, open_page):
    page = open_page(f"/bulletin/notices/{notice.pk}/", cast.inspector)
    letterhead = page.locator(".letterhead")
    assert letterhead.count() == 1
    assert not letterhead.is_visible()
    page.emulate_media(media="print")
    assert letterhead.is_visible()


def test_what_is_opened_in_the_page_is_not_printed_with_it(cast, open_page):
    """The files are named; each is printed for itself."""
    leaflet = receive_file(actor=cast.head, name="标准.pdf", content=io.BytesIO(samples.pdf(*"abcdefghij")))
    read_waiting()
    notice = write(board_of(cast.quality), cast.head, body="<p>附件即标准全文。</p>", file_ids=[leaflet.pk])
    page = open_page(f"/bulletin/notices/{notice.pk}/", cast.inspector)
    expect(page.locator(".file-sheet")).to_have_count(10)
    [sheet] = sheets_of(page)
    assert "标准.pdf" in sheet


def test_a_report_begins_on_its_first_sheet_however_long_it_is(cast, notice, open_page):
    """What is longer than a sheet goes on over the next, instead of leaving the first one empty."""
    start = (timezone.localdate() - timedelta(days=120)).isoformat()
    first, *others = sheets_of(open_page(f"/bulletin/reports/?from={start}", cast.head))
    assert "每日阅读和确认人数" in first
    assert start[5:] in first, "the table under the chart too"
    assert notice.title in others[-1]


def test_the_lines_of_a_paper_carry_their_totals_from_sheet_to_sheet(cast, open_page):
    lines = [{"uid": f"line{number:06}", "item": f"材料 {number} 号", "output": "100.000", "per": "1.500", "price": "10.0000"} for number in range(1, 91)]
    paper = submit(need_kind(cast), cast.inspector, title="十二月", period="2026-12", rate="0", text=None, amount=None, lines=lines)
    page = open_page(f"/approvals/papers/{paper.pk}/print/", cast.inspector)
    screen = page.locator("table.said-lines tbody tr").count()
    sheets = sheets_of(page)
    assert len(sheets) > 3
    needs = [int(number) for number in re.findall(r"材料(\d+)号", "".join(sheets))]
    assert needs == list(range(1, 91))
    for sheet, following in pairwise(sheets):
        if "材料" not in following:
            break
        said = int(re.findall(r"材料(\d+)号", sheet)[-1]) * 1500
        total = f"{said:,}.00"
        assert total in sheet.split("过次页")[1]
        assert total in following.split("承前页")[1].split("材料")[0]
    assert "135,000.00" in "".join(sheets[-2:])
    expect(page.locator("table.said-lines tbody tr")).to_have_count(screen)
