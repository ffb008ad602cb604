"""Lines from a file and into one: what a paper gives away, another takes in; a list in GBK with a title above it; what is no table says so."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from portal.approvals.models import PaperKind
from tests.approvals.sheets import need_kind, posted
from tests.approvals.test_lines import LINES, VALUES
from tests.approvals.writing import submit
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind(cast: Cast) -> PaperKind:
    return need_kind(cast)


def take(browser: Client, content: bytes | None, name: str = "明细.xlsx") -> str:
    files: dict[str, Any] = {} if content is None else {"lines-file": SimpleUploadedFile(name, content)}
    answer = browser.post("/approvals/new/need/", posted([], act="file:lines", rate="1.5") | files, HTTP_HX_TARGET="table-lines")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_one_paper_gives_away_another_takes_in(cast: Cast, client_for, kind: PaperKind) -> None:
    clerk = client_for(cast.inspector)
    paper = submit(kind, cast.inspector, **VALUES, lines=LINES)
    address = f"/approvals/papers/{paper.pk}/lines/lines/"
    assert address in clerk.get(paper.get_absolute_url()).content.decode()
    content = b"".join(clerk.get(address))
    rows = list(load_workbook(BytesIO(content)).active.values)
    assert rows[0][:4] == ("物料", "计划产量", "单耗", "需求")
    assert [row[:4] for row in rows[1:]] == [("丝束", 3200, 6.1, 19812.8), ("纸箱", 10, 5, 50.75)]
    page = take(clerk, content)
    assert [f'value="{words}"' in page for words in ("丝束", "纸箱", "3200", "6.1")] == [True] * 4
    assert "19,812.800" in page, "what is computed is computed anew"
    assert client_for(cast.salesperson).get(address).status_code == 404
    assert clerk.get(address.replace("lines/lines", "lines/other")).status_code == 404


def test_a_list_in_gbk_with_a_title_and_what_is_no_table(cast: Cast, client_for, kind: PaperKind) -> None:
    clerk = client_for(cast.inspector)
    text = "十二月物料需求,,\n,,\n单耗,物料,计划产量\n5,纸箱,１０\n6.1,丝束,十\n"
    page = take(clerk, text.encode("gbk"), "需求.csv")
    assert [f'name="lines-{row}-{key}" value="{value}"' in page for row, key, value in ((0, "item", "纸箱"), (0, "per", "5"), (1, "item", "丝束"))] == [
        True
    ] * 3
    assert "“十”不是数字" in page
    assert "50.750" in page
    assert 'role="alert"' in take(clerk, b"PK\x03\x04 broken")
    assert 'role="alert"' in take(clerk, None)
    many = "物料,计划产量,单耗\n" + "某物,1,1\n" * 600
    page = take(clerk, many.encode(), "多.csv")
    assert "600" in page
    assert 'value="某物"' not in page
