"""What comes out of the printer: a long notice as the plant files it."""

import io

import pypdfium2
import pytest

from bulletin.services.boards import board_of, keep_board
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
