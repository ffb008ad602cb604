"""Files that are wrong in ways that people meet: each is read as it is meant, or refused with a sentence that says where."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from portal.directory.roster.columns import ROSTER_COLUMNS
from portal.imports.errors import ImportRefusedError
from portal.imports.limits import MOST_BYTES, MOST_ROWS
from portal.imports.lines import Line, read_lines
from portal.imports.reading import read_table
from tests.organization.rosters import HEADINGS, text_table, workbook

PERSON = ("20001", "王小明", "质检科", "科员", "2026-11-01", "13912345678")
OTHER = ("20002", "李四", "质检科", "科员", "2026-11-02", "")


def lines_of(content: bytes) -> list[Line]:
    rows = read_table(content).rows
    found = ROSTER_COLUMNS.find(rows)
    return read_lines(ROSTER_COLUMNS, rows, found.header_row, found.mapping)


def people(content: bytes) -> list[Any]:
    return [line.values["name"] for line in lines_of(content)]


def with_sheet(content: bytes, before: str, after: str) -> bytes:
    """A workbook with something in its first sheet replaced, as programs write it that are not openpyxl."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.infolist():
            body = source.read(member)
            archive.writestr(member.filename, body.replace(before.encode(), after.encode()) if member.filename.endswith("sheet1.xml") else body)
    return target.getvalue()


def test_a_file_that_is_too_large_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(ImportRefusedError, match="16 MB"):
        read_table(b"x" * (MOST_BYTES + 1))


@pytest.mark.parametrize("blank", [None, " "], ids=["formatted", "spaces"])
def test_rows_down_to_the_last_that_there_can_be_do_not_matter_while_they_are_empty(blank: str | None) -> None:
    cell = f'<c r="A1048576" t="inlineStr"><is><t xml:space="preserve">{blank}</t></is></c>' if blank else '<c r="A1048576" s="0"/>'
    content = with_sheet(workbook([HEADINGS, PERSON]), "</sheetData>", f'<row r="1048576">{cell}</row></sheetData>')
    assert people(content) == ["王小明"]
    assert len(read_table(content).rows) == 2
    assert people(text_table([HEADINGS, PERSON]) + b"\r\n,,,,," * 50_000) == ["王小明"]


def test_a_word_far_below_the_table_is_named() -> None:
    content = with_sheet(workbook([HEADINGS, PERSON]), "</sheetData>", '<row r="40000"><c r="A40000" t="inlineStr"><is><t>x</t></is></c></row></sheetData>')
    with pytest.raises(ImportRefusedError, match="40000"):
        read_table(content)
    with pytest.raises(ImportRefusedError, match=str(MOST_ROWS)):
        read_table(text_table([HEADINGS, *[PERSON] * MOST_ROWS]))


@pytest.mark.parametrize(
    ("upper", "lower", "merges"),
    [
        (("工号", "姓名", "部门", "联系方式", ""), ("", "", "", "手机", "办公电话"), ["D1:E1"]),
        (("工号", "姓名", "部门", "联系方式", ""), ("", "", "", "手机", "办公电话"), ["A1:A2", "B1:B2", "C1:C2", "D1:E1"]),
        (("工号", "姓名", "部门", "手机", "电话"), ("No.", "Name", "Dept", "Mobile", "Tel"), []),
    ],
    ids=["beside", "merged", "in English below"],
)
def test_headings_in_two_rows_are_read_together(upper: Sequence[str], lower: Sequence[str], merges: list[str]) -> None:
    rows = [("花名册",), (), upper, lower, ("20001", "王小明", "质检科", "13912345678", "6012")]
    content = workbook(rows, [merge.replace("1", "3").replace("2", "4") for merge in merges])
    [line] = lines_of(content)
    assert (line.values["name"], line.values["mobile"], line.values["phone"]) == ("王小明", "13912345678", "6012")


def test_a_first_line_is_not_taken_for_a_second_row_of_headings() -> None:
    assert people(workbook([HEADINGS, ("20001", "王小明", "质检科", "岗位", "2026-11-01", "")])) == ["王小明"]


def test_two_columns_of_one_name_are_said(cast: Any, client_for: Any) -> None:
    headings = ("工号", "姓名", "部门", "岗位", "手机", "联系方式")
    assert ROSTER_COLUMNS.doubled(headings) == {"mobile": [4, 5]}


def test_a_formula_without_result_and_one_that_failed_are_refused_at_their_cells() -> None:
    book = Workbook()
    book.active.append(list(HEADINGS))
    book.active.append(["20001", "=B9", "质检科", "科员", "2026-11-01", ""])
    book.active.append(["20002", "李四", "#REF!", "科员", "2026-11-02", ""])
    target = io.BytesIO()
    book.save(target)
    first, second = lines_of(target.getvalue())
    assert [(fault.field, "公式" in fault.sentence) for fault in first.faults] == [("name", True)]
    assert [(fault.field, "#REF!" in fault.sentence) for fault in second.faults] == [("department", True)]


def test_days_are_read_in_every_style_of_a_column_and_a_wrong_one_is_quoted() -> None:
    days = ["46327", 46327, "2026.11.1", "2026年11月1日", "２０２６/１１/０１", "2026年11月1日（星期日）", "2026-11-01  "]
    lines = lines_of(workbook([HEADINGS, *[(f"2000{place}", "王小明", "质检科", "科员", day, "") for place, day in enumerate(days)]]))
    assert {line.values["starts_on"] for line in lines} == {date(2026, 11, 1)}
    [wrong] = lines_of(workbook([HEADINGS, ("20001", "王小明", "质检科", "科员", "2026年2月30日", "")]))
    assert [(fault.field, "2026年2月30日" in fault.sentence) for fault in wrong.faults] == [("starts_on", True)]


def test_a_sheet_that_is_hidden_is_not_taken_for_the_table() -> None:
    book = Workbook()
    for row in (HEADINGS, PERSON):
        book.active.append(list(row))
    choices = book.create_sheet("选项")
    for number in range(50):
        choices.append([f"选项{number}", "x"])
    choices.sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    assert people(target.getvalue()) == ["王小明"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "gbk"])
def test_text_of_spreadsheets_is_read_with_its_quotation_marks(encoding: str) -> None:
    rows = [HEADINGS, ('"20001"', '"王""小""明"', "质检科", '"科员\r\n代理"', "2026-11-01", ""), ("20002", '李"四', "质检科", "科员", "2026-11-02", "")]
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    lines = lines_of(mark + text_table(rows, encoding, "\t"))
    assert [line.values["name"] for line in lines] == ['王"小"明', '李"四']
    assert lines[0].values["position"] == "科员 代理"


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([HEADINGS, ("20001", '"王小明', *PERSON[2:]), OTHER], 2),
        ([HEADINGS, OTHER, ("20001", '"王小明', *PERSON[2:]), ("20003", '"赵五"', *PERSON[2:])], 3),
        ([HEADINGS, OTHER, ("20001", '"王小明', *PERSON[2:])], 3),
    ],
    ids=["to the end", "to another row's", "in the last row"],
)
def test_a_quotation_mark_that_is_not_closed_swallows_no_row(rows: list[tuple[str, ...]], number: int) -> None:
    with pytest.raises(ImportRefusedError, match=str(number)):
        read_table(text_table(rows))
