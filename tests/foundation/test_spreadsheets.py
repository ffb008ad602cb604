"""Files in which no cell can become a formula (S37)."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from portal.foundation.spreadsheets import csv_response, defuse, table_response, write_csv, write_xlsx, xlsx_response

DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "\x01=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "  =1+1",
    "\u3000=1+1",
    "\ufeff=1+1",
]
HARMLESS = ["王建国", "厂发〔2026〕12 号", "1-2", "a=b", "", "-3.5", "+8613800001111", "50%"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_compute_becomes_text(text):
    assert defuse(text).startswith("'")
    rows = list(csv.reader(io.StringIO(b"".join(write_csv(["x"], [[text]])).decode("utf-8-sig"))))
    assert rows[1][0].startswith("'")


@pytest.mark.parametrize("text", HARMLESS)
def test_other_texts_stay_as_they_are(text):
    assert defuse(text) == text


def test_xlsx_holds_texts_as_texts_and_numbers_as_numbers():
    target = io.BytesIO()
    when = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    count = write_xlsx(target, "名单/2026", ["name", "=head"], [["=HYPERLINK(1)", 1284], ["王伟", Decimal("2.5")], [None, date(2026, 11, 23)], [when, True]])
    assert count == 4
    sheet = load_workbook(io.BytesIO(target.getvalue())).active
    assert sheet.title == "名单 2026"
    assert [cell.value for cell in sheet[2]] == ["'=HYPERLINK(1)", 1284]
    assert [cell.value for cell in sheet[3]] == ["王伟", 2.5]
    assert sheet["B4"].value == datetime(2026, 11, 23)
    assert sheet["A5"].value == datetime(2026, 11, 23, 0, 30), "in the plant's time"
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(target.getvalue())).read("xl/worksheets/sheet1.xml")


def test_csv_streams_and_is_read_as_utf8_in_china():
    pieces = list(write_csv(["a"], ([f"行 {number}" * 10] for number in range(5_000))))
    assert len(pieces) > 5
    assert pieces[0].startswith(b"\xef\xbb\xbf")
    assert len(b"".join(pieces).decode().splitlines()) == 5_001


def test_downloads_have_chinese_names_and_their_type():
    by_kind = {"csv": csv_response("花名册", ["a"], [["b"]]), "xlsx": xlsx_response("花名册", "花名册", ["a"], [["b"]])}
    for kind, response in by_kind.items():
        assert response["Content-Disposition"] == f"attachment; filename*=UTF-8''%E8%8A%B1%E5%90%8D%E5%86%8C.{kind}"
        assert response["Content-Type"] == table_response(kind, "x", "x", ["a"], [["b"]])["Content-Type"]
    assert load_workbook(io.BytesIO(b"".join(by_kind["xlsx"].streaming_content))).active["A2"].value == "b"


def test_control_characters_that_xlsx_cannot_hold_are_left_out():
    target = io.BytesIO()
    write_xlsx(target, "x", ["a"], [["bell\x07 tail\x1f"]])
    assert load_workbook(io.BytesIO(target.getvalue())).active["A2"].value == "bell tail"


def test_columns_are_as_wide_as_what_stands_in_them_so_that_no_time_is_shown_as_signs() -> None:
    target = io.BytesIO()
    when = datetime(2026, 11, 24, 10, 19, 45)
    write_xlsx(
        target, "公告", ["时间", "标题", "数"], ([when, "关于印发《原料仓库温湿度管理办法》的通知" if number else "长" * 400, number] for number in range(300))
    )
    sheet = load_workbook(target).active
    widths = [sheet.column_dimensions[letter].width for letter in "ABC"]
    assert widths[0] >= len("2026-11-24 10:19:45")
    assert widths[1] == 60
    assert widths[2] < 10
    assert sheet.max_row == 301
