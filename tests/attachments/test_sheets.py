"""Tables read out of files stand as they look: each column in its place, days as days, one line for each row."""

import io
import json
import re
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from portal.attachments.reading.texts import decode, extract
from portal.foundation.limited import run_limited
from tests.attachments import samples
from tests.attachments.old_excel import Cells, xls

OFFICE = "application/vnd.openxmlformats-officedocument"
STRINGS, STYLES, FIRST, RELATIONS = "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
OPEN = "application/vnd.oasis.opendocument"


def pages_of(content: bytes, media_type: str) -> list[str]:
    return [text for number, text in lines_of(content, media_type) if number]


def lines_of(content: bytes, media_type: str) -> list[tuple[int, str]]:
    """What the reader says: pages by their numbers, and in the end 0 where a part was lost."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        return [tuple(json.loads(line)) for line in extract(file, media_type)]


def unzipped(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def book(**sheets: list[list[Any]]) -> bytes:
    made = Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    output = io.BytesIO()
    made.save(output)
    return output.getvalue()


def with_shared_texts(parts: dict[str, bytes]) -> dict[str, bytes]:
    """The same as Excel writes it: the texts of all cells in a part of their own."""
    texts: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        texts.append(found[2])
        return f'{found[1]}t="s"><v>{len(texts) - 1}</v></c>'

    inline = re.compile(r'(<c [^>]*)t="inlineStr"><is><t>([^<]*)</t></is></c>')
    changed = {name: inline.sub(put_aside, parts[name].decode()).encode() for name in parts if name.startswith("xl/worksheets/")}
    relation = b'<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml" Id="rId9" />'
    changed[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", relation + b"</Relationships>")
    listed = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return parts | changed | {STRINGS: f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{listed}</sst>'.encode()}


def test_an_empty_cell_keeps_its_place_and_a_sheet_its_name() -> None:
    content = book(八月=[["机组", None, "抽检", None, "判定"], [], [None, "甲班", 12]], 九月=[["停机"]])
    assert pages_of(content, f"{OFFICE}.spreadsheetml.sheet") == ["八月\n机组\t\t抽检\t\t判定\n\t甲班\t12", "九月\n停机"]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({"XFD1048576": "远"}, "表\n远"),
        ({"A1": "机组", "XFD1048576": "远"}, "表\n机组\n\t远"),
        ({"A1": "机组", "A1048576": date(2026, 11, 26)}, "表\n机组\n2026-11-26"),
    ],
)
def test_a_cell_at_the_far_corner_costs_neither_time_nor_the_rest(cells: dict[str, Any], text: str) -> None:
    made = Workbook()
    made.worksheets[0].title = "表"
    for place, value in cells.items():
        made.worksheets[0][place] = value
    made.create_sheet("九月").append(["停机"])
    output = io.BytesIO()
    made.save(output)
    limits: dict[str, Any] = {"memory_bytes": 1024 * 2**20, "cpu_seconds": 20, "wall_seconds": 60, "output_bytes": 10_000}
    read = run_limited("portal.attachments.reading.texts:extract", output.getvalue(), arguments=[f"{OFFICE}.spreadsheetml.sheet"], **limits)
    assert [json.loads(line)[1] for line in read.splitlines()] == [text, "九月\n停机"]


def test_a_part_that_nobody_can_read_does_not_lose_the_rest_of_the_workbook() -> None:
    parts = unzipped(book(八月=[["机组"]], 九月=[["停机"]]))
    broken = samples.zipped(parts | {"xl/worksheets/sheet1.xml": b"<worksheet><what"})
    assert pages_of(broken, f"{OFFICE}.spreadsheetml.sheet") == ["八月", "九月\n停机"]
    unknown = parts["xl/worksheets/sheet1.xml"].replace(b"<sheetData>", b'<who:knows xmlns:who="urn:x"><who:sheet/></who:knows><sheetData>')
    assert pages_of(samples.zipped(parts | {"xl/worksheets/sheet1.xml": unknown}), f"{OFFICE}.spreadsheetml.sheet") == ["八月\n机组", "九月\n停机"]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        ({(65_535, 255): "远"}, "表\n远"),
        ({(0, 0): "机组", (65_535, 255): "远"}, "表\n机组\n\t远"),
        ({(0, 0): "机组", (0, 1): 7, (65_535, 1): 12}, "表\n机组\t7\n\t12"),
        ({(0, 0): "机组", (65_535, 254): [7, 12]}, "表\n机组\n\t7\t12"),
    ],
)
def test_a_cell_at_the_far_corner_of_an_old_workbook_costs_neither_time_nor_the_rest(cells: Cells, text: str) -> None:
    content = xls({"表": cells, "九月": {(0, 0): "停机"}})
    limits: dict[str, Any] = {"memory_bytes": 1024 * 2**20, "cpu_seconds": 20, "wall_seconds": 60, "output_bytes": 10_000}
    read = run_limited("portal.attachments.reading.texts:extract", content, arguments=["application/vnd.ms-excel"], **limits)
    assert [json.loads(line)[1] for line in read.splitlines()] == [text, "九月\n停机"]


BROKEN_PARTS: dict[str, tuple[Callable[[dict[str, bytes]], dict[str, bytes | None]], list[str]]] = {
    "texts that are not there": (lambda parts: {STRINGS: None}, ["八月\n\t2026-11-26\n\t\t7", "九月\n\t12"]),
    "texts that break off": (lambda parts: {STRINGS: parts[STRINGS].split(b"<si><t>\xe5\x81\x9c")[0]}, ["八月\n机组\t2026-11-26\n判定\t\t7", "九月\n\t12"]),
    "styles that are not there": (lambda parts: {STYLES: None}, ["八月\n机组\t46352\n判定\t\t7", "九月\n停机\t12"]),
    "styles that break off": (lambda parts: {STYLES: parts[STYLES][:100]}, ["八月\n机组\t46352\n判定\t\t7", "九月\n停机\t12"]),
    "a sheet that is not there": (lambda parts: {FIRST: None}, ["八月", "九月\n停机\t12"]),
    "a sheet that breaks off": (lambda parts: {FIRST: parts[FIRST].split(b'<row r="2"')[0] + b'<row r="2"><c'}, ["八月\n机组\t2026-11-26", "九月\n停机\t12"]),
    "a drawing": (lambda parts: {"xl/drawings/drawing1.xml": b"<what"}, []),
}


@pytest.mark.parametrize("broken", BROKEN_PARTS)
def test_a_part_that_is_broken_or_missing_does_not_lose_the_rest_and_is_told(broken: str) -> None:
    parts = with_shared_texts(unzipped(book(八月=[["机组", date(2026, 11, 26)], ["判定", None, 7]], 九月=[["停机", 12]])))
    whole = lines_of(samples.zipped(parts), f"{OFFICE}.spreadsheetml.sheet")
    assert [text for _number, text in whole] == ["八月\n机组\t2026-11-26\n判定\t\t7", "九月\n停机\t12"]
    change, read = BROKEN_PARTS[broken]
    left = {name: content for name, content in (parts | change(parts)).items() if content is not None}
    numbered = lines_of(samples.zipped(left), f"{OFFICE}.spreadsheetml.sheet")
    if read:
        assert [text for number, text in numbered if number] == read
        assert [number for number, _text in numbered][-1] == 0, "it says that a part is lost"
    else:
        assert numbered == whole


def test_a_part_that_cannot_be_unpacked_does_not_lose_the_rest() -> None:
    whole = samples.zipped(with_shared_texts(unzipped(book(八月=[["机组", 7]], 九月=[["停机", 12]]))))
    place = whole.index(b"xl/sharedStrings.xml") + len("xl/sharedStrings.xml")
    numbered = lines_of(whole[: place + 20] + b"\xff\xff" + whole[place + 22 :], f"{OFFICE}.spreadsheetml.sheet")
    assert [text for _number, text in numbered][:2] == ["八月\n\t7", "九月\n\t12"]
    assert numbered[-1][0] == 0


def test_what_is_repeated_without_end_in_a_sheet_of_another_office_does_not_keep_a_far_cell_from_being_read() -> None:
    content = samples.ods(
        表="<table:table-row><table:table-cell office:value-type='string'><text:p>机组</text:p></table:table-cell></table:table-row>"
        "<table:table-row table:number-rows-repeated='1048574'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>"
        "<table:table-row><table:table-cell table:number-columns-repeated='16383'/>"
        "<table:table-cell office:value-type='string'><text:p>远</text:p></table:table-cell></table:table-row>"
    )
    limits: dict[str, Any] = {"memory_bytes": 1024 * 2**20, "cpu_seconds": 20, "wall_seconds": 60, "output_bytes": 10_000}
    read = run_limited("portal.attachments.reading.texts:extract", content, arguments=[f"{OPEN}.spreadsheet"], **limits)
    assert [json.loads(line)[1] for line in read.splitlines()] == ["表\n机组\n\t远"]


def test_days_times_and_answers_are_shown_as_people_write_them() -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.title = "表"
    sheet.append([date(2026, 11, 26), datetime(2026, 11, 26, 9, 5), 0.25, True, 0.1 + 0.2, 2026, "第一行\n第二行", 1.5])
    for cell, shown in {"A1": 'yyyy"年"m"月"d"日"', "C1": "[$-804]h:mm;@", "H1": "[h]:mm"}.items():
        sheet[cell].number_format = shown
    output = io.BytesIO()
    made.save(output)
    assert pages_of(output.getvalue(), f"{OFFICE}.spreadsheetml.sheet") == ["表\n2026-11-26\t2026-11-26 09:05\t06:00\tTRUE\t0.3\t2026\t第一行 第二行\t36:00"]


def test_a_sheet_of_another_office_has_its_rows_in_lines_and_what_is_repeated_in_its_columns() -> None:
    empty, words = "<table:table-cell table:number-columns-repeated='{}'/>", "<table:table-cell office:value-type='string'>{}</table:table-cell>"
    rows = words.format("<text:p>机组</text:p>") + empty.format(2) + words.format("<text:p>判定</text:p><text:p>合格</text:p>") + empty.format(16_380)
    first = f"<table:table-row>{rows}</table:table-row><table:table-row table:number-rows-repeated='1048575'>{empty.format(16_384)}</table:table-row>"
    content = samples.ods(八月=first, 九月=f"<table:table-row>{words.format('<text:p>停机</text:p>')}</table:table-row>")
    assert pages_of(content, f"{OPEN}.spreadsheet") == ["八月\n机组\t\t\t判定 合格", "九月\n停机"]


def test_a_table_in_a_document_has_a_line_for_each_row() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in cells) + "</w:tr>"

    tab_stop = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr>'
    document = (
        f"<w:document {samples.WORD}><w:body><w:p>{tab_stop}<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p>"
        f"<w:tbl>{row('机组', '班次')}{row('7 号', '甲班')}</w:tbl></w:body></w:document>"
    )
    content = samples.zipped({"[Content_Types].xml": samples.CONTENT_TYPES, "word/document.xml": document.encode()})
    [page] = pages_of(content, f"{OFFICE}.wordprocessingml.document")
    assert [[part.strip() for part in line.split("\t")] for line in page.splitlines()] == [["甲", "乙"], ["丙"], ["机组", "班次", ""], ["7 号", "甲班"]]


def test_what_was_deleted_is_not_read_and_nothing_is_read_twice() -> None:
    deleted = "<text:tracked-changes><text:changed-region><text:deletion><text:p>删去</text:p></text:deletion></text:changed-region></text:tracked-changes>"
    assert pages_of(samples.odt(f"{deleted}留下"), f"{OPEN}.text") == ["留下"]
    alternative = "<mc:AlternateContent><mc:Choice><w:t>文本框</w:t></mc:Choice><mc:Fallback><w:t>文本框</w:t></mc:Fallback></mc:AlternateContent>"
    space = f'{samples.WORD} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    document = f"<w:document {space}><w:body><w:p><w:r>{alternative}</w:r></w:p></w:body></w:document>"
    content = samples.zipped({"[Content_Types].xml": samples.CONTENT_TYPES, "word/document.xml": document.encode()})
    assert pages_of(content, f"{OFFICE}.wordprocessingml.document") == ["文本框"]


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("big5", "關於本月設備檢修安排的通知：請各部門於三十日前完成檢修計畫，並報送設備管理處。"),
        ("gbk", "關於本月設備檢修安排的通知：請各部門於三十日前完成檢修計畫，並報送設備管理處。"),
        ("gb18030", "关于本月设备检修安排的通知：请各部门于三十日前完成检修计划，并报送设备管理处。"),
        ("gb18030", "操作工陈刚、王伟"),
        ("utf-16", "质量月报"),
    ],
)
def test_a_text_is_read_in_the_charset_in_which_it_makes_sense(charset: str, text: str) -> None:
    assert decode(text.encode(charset)) == text
