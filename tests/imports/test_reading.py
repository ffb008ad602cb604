"""Files as people make them, and files that are meant to do harm."""

import io
import zipfile
from datetime import date, datetime

import pytest

from portal.directory.roster.columns import ROSTER_COLUMNS
from portal.directory.roster.values import read_level, read_name, read_number, read_path
from portal.imports.errors import ImportRefusedError
from portal.imports.lines import read_lines
from portal.imports.reading import read_table
from portal.imports.values import read_date, read_phone, read_text
from tests.organization.rosters import HEADINGS, text_table, workbook

PERSON = ("20001", "王小明", "质检科", "科员", "2026-11-01", "13912345678")


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-23", "2026/11/23", "2026.11.23", "2026年11月23日", "20261123", 20261123, 46349, 46349.0, "46349", "23-Nov-2026", "Nov 23, 2026",
        "２０２６－１１－２３", " 2026 - 11 - 23 ", "2026-11-23 00:00:00", "23/11/2026", {"date": "2026-11-23"},
    ],
)  # fmt: skip
def test_a_day_is_understood_in_every_style(cell: object) -> None:
    assert read_date(cell) == date(2026, 11, 23)


@pytest.mark.parametrize("cell", ["3/4/2026", "2026-02-30", "2026-13-01", "昨天", "1066-10-14", "2026-11-23-24", True])
def test_what_is_no_day_or_could_be_two_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_date(cell)


@pytest.mark.parametrize("cell", ["", None, "-", "—", "无", "至今", "长期", "  "])
def test_a_blank_says_nothing(cell: object) -> None:
    assert read_date(cell) is None
    assert read_number(cell) is None


def test_names_numbers_and_phones_are_cleaned() -> None:
    assert read_name("王　 伟") == "王伟"
    assert read_name("John   Smith") == "John Smith"
    assert read_number("１０００１") == "10001"
    assert read_number(10001.0) == "10001"
    assert read_number("A-17") == "a-17"
    assert read_phone("139 1234 5678") == "13912345678"
    assert read_phone("+86 139-1234-5678") == "13912345678"
    assert read_phone("0571-8812345") == "0571-8812345"
    assert read_path("生产部＞卷包车间／甲班") == "生产部/卷包车间/甲班"
    assert read_level("机密") == 3
    for wrong in ("一二三四", "call me"):
        with pytest.raises(ValueError, match=r"."):
            read_phone(wrong)
    with pytest.raises(ValueError, match=r"."):
        read_name("王伟2")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_text_is_read_in_every_encoding_and_with_every_separator(encoding: str, separator: str) -> None:
    table = read_table(text_table([HEADINGS, PERSON, ("20002", "李\u9fa5", *PERSON[2:])], encoding, separator))
    assert table.rows[0] == list(HEADINGS)
    assert table.rows[1] == list(PERSON)


def test_a_rare_character_survives_gb18030() -> None:
    table = read_table(text_table([HEADINGS, ("20003", "王\u3d51\U00020089", *PERSON[2:])], "gb18030"))
    assert table.rows[1][1] == "王\u3d51\U00020089"


def test_headings_are_found_below_merged_titles_and_blank_lines() -> None:
    rows = [
        ("金叶卷烟厂职工花名册",),
        (),
        ("制表日期：2026年11月",),
        HEADINGS,
        PERSON,
        (),
        ("20002", "李　四", "质检科", "科员", datetime(2026, 11, 2), 13912345679),
        ("制表人：赵",),
    ]
    table = read_table(workbook(rows, ["A1:F1", "A3:F3"]))
    columns = ROSTER_COLUMNS.find(table.rows)
    assert columns.header_row == 3
    assert columns.mapping == {"employee_number": 0, "name": 1, "department": 2, "position": 3, "starts_on": 4, "mobile": 5}
    lines = read_lines(ROSTER_COLUMNS, table.rows, columns.header_row, columns.mapping)
    assert [line.values["name"] for line in lines] == ["王小明", "李四"]
    assert lines[1].values["starts_on"] == date(2026, 11, 2)
    assert lines[1].number == 7


def test_headings_are_known_in_both_languages_and_with_decorations() -> None:
    mapping = ROSTER_COLUMNS.find([["No.", "Full name *", "Dept.", "Job title", "E-mail", "Hire date"], ["1", "A", "B", "C", "", ""]]).mapping
    assert mapping == {"employee_number": 0, "name": 1, "department": 2, "position": 3, "email": 4, "starts_on": 5}
    assert ROSTER_COLUMNS.find([["工 号(必填)", "姓　名", "所在部门"]]).mapping == {"employee_number": 0, "name": 1, "department": 2}


def test_a_department_merged_over_several_rows_holds_for_each() -> None:
    rows = [HEADINGS, PERSON, ("20002", "李四", None, "科员", "2026-11-02", ""), ("20003", "赵五", None, "科员", "2026-11-02", "")]
    table = read_table(workbook(rows, ["C2:C4"]))
    assert [row[2] for row in table.rows[1:]] == ["质检科"] * 3


def test_an_archive_that_unpacks_to_gigabytes_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet1.xml", "w") as member:
        for _piece in range(200):
            member.write(b"0" * 1024 * 1024)
    with pytest.raises(ImportRefusedError):
        read_table(target.getvalue())


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/worksheets/sheet1.xml", "w") as member:
        for _piece in range(200):
            member.write(b"0" * 1024 * 1024)
    size = (200 * 1024 * 1024).to_bytes(4, "little")
    with pytest.raises(ImportRefusedError):
        read_table(target.getvalue().replace(size, (1000).to_bytes(4, "little")))


def test_a_workbook_whose_last_cell_is_the_last_there_can_be_ends_only_its_reader() -> None:
    content = workbook([HEADINGS, PERSON])
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in source.infolist():
            body = source.read(member)
            if member.filename.endswith("sheet1.xml"):
                body = body.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>')
            archive.writestr(member.filename, body)
    with pytest.raises(ImportRefusedError):
        read_table(target.getvalue())


@pytest.mark.parametrize(
    "content", [b"", b"   \r\n ", b"PK\x03\x04 not really", b"\xd0\xcf\x11\xe0 nor this", b"\x89PNG\r\n\x1a\n\x00\x00\x00", b"\xff\xd8\xff\x00" * 50]
)
def test_what_is_no_roster_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(ImportRefusedError, match=r"."):
        read_table(content)


def test_what_an_export_defused_is_read_back_without_its_quotation_mark_or_spaces() -> None:
    assert read_text("'=1") == read_text("' =1") == read_text(" =1") == "=1"
    assert read_text("'quoted") == "'quoted"
