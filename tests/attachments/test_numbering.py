"""The numbers that Word sets by itself stand in the text that is read from a document."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.management import call_command

from portal.accounts.models import User
from portal.attachments.extraction import read_waiting
from portal.attachments.models import Attachment, FileText, StoredFile
from portal.attachments.queries import text_of
from portal.attachments.reading.numerals import written
from portal.attachments.reading.texts import extract
from portal.attachments.reading.texts import office as office_reader
from tests.attachments import samples
from tests.cast import Cast

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Lvl:
    """One level of a list as its XML has it."""

    text: str
    fmt: str = "decimal"
    more: str = ""
    start: str = '<w:start w:val="1"/>'

    def xml(self, index: int) -> str:
        return f'<w:lvl w:ilvl="{index}">{self.start}<w:numFmt w:val="{self.fmt}"/>{self.more}<w:lvlText w:val="{self.text}"/></w:lvl>'


def abstract(*levels: Lvl, number: int = 0) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(level.xml(index) for index, level in enumerate(levels))}</w:abstractNum>'


def num(number: int, *, of: int = 0, overrides: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def restart(level: int, start: int = 1) -> str:
    return f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


def p(text: str, number: int | None = None, level: int | None = 0, *, style: str = "", more: str = "") -> str:
    level_xml = f'<w:ilvl w:val="{level}"/>' if level is not None else ""
    numbered = f'<w:numPr>{level_xml}<w:numId w:val="{number}"/></w:numPr>' if number is not None else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{styled}{numbered}{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def style(name: str, inner: str = "", *, based_on: str = "", more: str = "") -> str:
    basis = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    return f'<w:style w:type="paragraph" w:styleId="{name}"{more}>{basis}<w:pPr>{inner}</w:pPr></w:style>'


def lines(body: str, numbering: str, styles: str = "") -> list[str]:
    """What is read, line by line, with the tab behind a number as a bar."""
    content = samples.numbered_docx(body, numbering=numbering, styles=styles)
    pages = office_reader.texts(io.BytesIO(content), DOCX)
    return [line.replace("\t", "|") for line in "".join(pages).split("\n") if line]


ARTICLES = abstract(Lvl("第%1条", "chineseCountingThousand"), Lvl("（%2）", "chineseCounting"), Lvl("%3.", "decimal"))


def test_the_fifth_article_is_found_by_its_number(cast: Cast, receive: Callable[[User, str, bytes], Attachment]) -> None:
    """Through the limited process, as a regulation comes in."""
    articles = "".join(p(text, 1) for text in ("总则", "职责", "库房", "温湿度", "盘点"))
    attachment = receive(cast.head, "原料仓库管理规定.docx", samples.numbered_docx(articles, numbering=ARTICLES + num(1)))
    read_waiting()
    file = StoredFile.objects.get(pk=attachment.file_id)
    assert file.text_state == StoredFile.Text.DONE, file.text_reason
    assert [page.text.replace("\t", "|").split("\n") for page in text_of(file)] == [
        ["第一条|总则", "第二条|职责", "第三条|库房", "第四条|温湿度", "第五条|盘点"]
    ]


def test_documents_that_were_read_before_are_read_again_when_an_operator_asks(cast: Cast, receive: Callable[[User, str, bytes], Attachment]) -> None:
    numbered = receive(cast.head, "a.docx", samples.numbered_docx(p("总则", 1), numbering=ARTICLES + num(1)))
    other = receive(cast.head, "a.txt", "总则".encode())
    read_waiting()
    FileText.objects.filter(file__in=[numbered.file_id, other.file_id]).update(text="as before")
    call_command("read_files_again", stdout=io.StringIO())
    assert read_waiting() == 0
    call_command("read_files_again", "--word", stdout=io.StringIO())
    assert read_waiting() == 1
    assert [page.text for file in (numbered.file, other.file) for page in text_of(file)] == ["第一条\t总则", "as before"]


def test_a_list_goes_on_behind_a_paragraph_and_sublists_begin_anew_under_each_parent() -> None:
    body = p("甲", 1) + p("子", 1, 1) + p("丑", 1, 1) + p("深", 1, 2) + p("说明") + p("寅", 1, 1) + p("深", 1, 2) + p("乙", 1) + p("卯", 1, 1)
    assert lines(body, ARTICLES + num(1)) == ["第一条|甲", "（一）|子", "（二）|丑", "1.|深", "说明", "（三）|寅", "1.|深", "第二条|乙", "（一）|卯"]


def test_lists_of_one_kind_go_on_together_until_one_begins_anew() -> None:
    numbering = ARTICLES + abstract(Lvl("%1)"), number=1) + num(1) + num(2) + num(3, overrides=restart(0)) + num(4, of=1) + num(5, overrides=restart(0, 7))
    body = p("a", 1) + p("b", 2) + p("other", 4) + p("c", 3) + p("d", 3) + p("e", 5)
    assert lines(body, numbering) == ["第一条|a", "第二条|b", "1)|other", "第一条|c", "第二条|d", "第七条|e"]


def test_each_level_is_said_in_its_own_format_and_in_digits_where_the_law_wants_it() -> None:
    levels = Lvl("第%1章", "chineseCounting"), Lvl("%1.%2", more="<w:isLgl/>"), Lvl("%1-%2-%3", "lowerLetter", more='<w:suff w:val="space"/>')
    body = p("章", 1) + p("章", 1) + p("节", 1, 1) + p("项", 1, 2) + p("项", 1, 2)
    assert lines(body, abstract(*levels) + num(1)) == ["第一章|章", "第二章|章", "2.1|节", "二-1-a 项", "二-1-b 项"]


def test_a_level_may_be_told_never_to_begin_anew_or_only_under_a_higher_one() -> None:
    levels = Lvl("第%1章"), Lvl("第%2节"), Lvl("第%3条", more='<w:lvlRestart w:val="0"/>'), Lvl("（%4）", more='<w:lvlRestart w:val="1"/>')
    body = "".join(p("", 1, level) for level in (0, 1, 2, 3, 1, 2, 3, 0, 1, 2, 3))
    found = [line.rstrip("|") for line in lines(body, abstract(*levels) + num(1))]
    assert found == ["第1章", "第1节", "第1条", "（1）", "第2节", "第2条", "（2）", "第2章", "第1节", "第3条", "（1）"]


def test_numbers_come_from_styles_those_they_are_based_on_and_the_levels_linked_to_them() -> None:
    levels = Lvl("第%1章", more='<w:pStyle w:val="Chapter"/>'), Lvl("第%2节", more='<w:pStyle w:val="Section"/>'), Lvl("（%3）")
    in_list = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = (
        style("Normal", more=' w:default="1"')
        + style("Chapter", in_list)
        + style("Section", in_list, based_on="Chapter")
        + style("Loud", based_on="Section")
        + style("Item", '<w:numPr><w:ilvl w:val="2"/></w:numPr>', based_on="Chapter")
        + style("Silent", '<w:numPr><w:numId w:val="0"/></w:numPr>', based_on="Chapter")
        + style("Round", based_on="Circle")
        + style("Circle", based_on="Round")
    )
    body = (
        p("a", style="Chapter")
        + p("b", style="Section")
        + p("c", style="Loud")
        + p("d", style="Item")
        + p("e", style="Silent")
        + p("f", 0, style="Chapter")
        + p("g", style="Round")
        + p("h", style="Chapter")
        + p("i")
        + "<w:p><w:r><w:t>j</w:t></w:r></w:p>"
    )
    assert lines(body, abstract(*levels) + num(1), styles) == ["第1章|a", "第1节|b", "第2节|c", "（1）|d", "e", "f", "g", "第2章|h", "i", "j"]


def test_the_style_that_a_paragraph_has_without_saying_so_numbers_it() -> None:
    styles = style("Normal", '<w:numPr><w:numId w:val="1"/></w:numPr>', more=' w:default="1"')
    assert lines("<w:p><w:r><w:t>j</w:t></w:r></w:p><w:p/><w:p><w:r><w:t>k</w:t></w:r></w:p>", ARTICLES + num(1), styles) == [
        "第一条|j",
        "第二条|",
        "第三条|k",
    ]


def test_a_list_that_names_a_style_of_numbering_is_that_styles_list() -> None:
    linked = '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="House"/></w:abstractNum>'
    house = '<w:style w:type="numbering" w:styleId="House"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    assert lines(p("a", 2) + p("b", 1), ARTICLES + linked + num(1) + num(2, of=1), house) == ["第一条|a", "第二条|b"]


def test_a_level_that_a_list_defines_for_itself_and_one_padded_with_noughts() -> None:
    level = Lvl("附件%1：", "upperRoman", more='<w:suff w:val="nothing"/>')
    own = f'<w:lvlOverride w:ilvl="0">{level.xml(0)}</w:lvlOverride>'
    padded = '<mc:AlternateContent xmlns:mc="x"><mc:Choice><w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice>'
    padded += '<mc:Fallback><w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
    other = f'<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="9"/>{padded}<w:lvlText w:val="%1"/></w:lvl></w:abstractNum>'
    body = p("a", 1) + p("b", 2) + p("c", 2)
    assert lines(body, ARTICLES + other + num(1, overrides=own) + num(2, of=1)) == ["附件I：a", "009|b", "010|c"]


def test_nothing_is_invented() -> None:
    numbering = abstract(Lvl("第%1条", "none"), Lvl("•", "bullet"), Lvl("", "decimal"), Lvl("%1%2%4", "decimal"), Lvl("附则", "none")) + num(1) + num(9, of=77)
    body = p("a", 1) + p("b", 1, 1) + p("c", 1, 2) + p("d", 1, 3) + p("e", 1, 4) + p("f", 8) + p("g", 9) + p("h", 1, 40) + p("i", 0)
    assert lines(body, numbering) == ["a", "b", "c", "1|d", "附则|e", "f", "g", "h", "i"]


def test_what_was_changed_under_track_does_not_count_twice() -> None:
    """The list of an earlier state, a paragraph whose end was deleted, one that was moved away, and a text box for older programs."""
    before = '<w:pPrChange><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange>'
    deleted = "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:delText>gone</w:delText></w:r></w:p>"
    moved = "<w:p><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr><w:rPr><w:moveFrom/></w:rPr></w:pPr><w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom></w:p>"
    box = '<w:p><w:r><mc:AlternateContent xmlns:mc="x"><mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback></mc:AlternateContent></w:r></w:p>'
    body = p("a", 1) + p("plain", more=before) + deleted + moved + p("b", 1) + box.format(p("boxed", 1)) + p("c", 1)
    assert lines(body, ARTICLES + num(1)) == ["第一条|a", "plain", "第二条|b", "第三条|boxed", "第四条|c"]


def test_a_number_in_a_table_stays_in_its_row() -> None:
    row = f"<w:tr><w:tc>{p('甲', 1)}</w:tc><w:tc>{p('乙')}</w:tc></w:tr>"
    assert lines(f"<w:tbl>{row}{row}</w:tbl>", ARTICLES + num(1)) == ["第一条 甲 |乙 |", "第二条 甲 |乙 |"]


def test_lists_that_cannot_be_read_cost_nobody_the_text() -> None:
    huge = abstract(Lvl("%1" * 500, start=f'<w:start w:val="{"9" * 5000}"/>')) + num(1)
    assert len(lines(p("a", 1), huge)[0]) < 300
    assert lines(p("a", 1), "<w:abstractNum>")[0].endswith("a")
    content = samples.zipped({"word/document.xml": f"<w:document {samples.WORD}>{p('a', 1)}</w:document>".encode(), "word/numbering.xml": b"<!DOCTYPE x><x/>"})
    with pytest.raises(ValueError, match="DTDForbidden"):
        list(extract(io.BytesIO(content), DOCX))


@pytest.mark.parametrize(
    ("number_format", "said"),
    [
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一〇〇", 101: "一〇一"}),
        (
            "chineseCountingThousand",
            {
                0: "〇",
                10: "十",
                11: "十一",
                100: "一百",
                101: "一百〇一",
                110: "一百一十",
                111: "一百一十一",
                1001: "一千〇一",
                1010: "一千〇一十",
                10020: "一万〇二十",
            },
        ),
        ("taiwaneseCounting", {10: "十", 12: "十二", 101: "一〇一"}),
        ("taiwaneseCountingThousand", {10: "十", 101: "一百零一", 10000: "一萬"}),
        ("taiwaneseDigital", {10: "一〇", 101: "一〇一"}),
        ("japaneseCounting", {10: "十", 11: "十一", 100: "百", 101: "百一", 110: "百十", 1001: "千一", 10000: "一万"}),
        ("ideographDigital", {10: "一〇", 101: "一〇一"}),
        ("chineseLegalSimplified", {10: "壹拾", 11: "壹拾壹", 101: "壹佰零壹"}),
        ("ideographLegalTraditional", {3: "參", 10: "壹拾", 101: "壹佰零壹"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {1: "子", 12: "亥", 13: "13"}),
        ("ideographZodiacTraditional", {1: "甲子", 60: "癸亥", 61: "61"}),
        ("ideographEnclosedCircle", {1: "㈠", 10: "㈩", 11: "11"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedCircleChinese", {10: "⑩", 21: "21"}),
        ("decimalEnclosedParen", {1: "⑴", 21: "21"}),
        ("decimalEnclosedFullstop", {1: "⒈", 21: "21"}),
        ("decimalFullWidth", {10: "１０"}),
        ("decimalZero", {1: "01", 10: "10", 100: "100"}),
        ("upperRoman", {4: "IV", 1999: "MCMXCIX", 0: "0"}),
        ("lowerRoman", {9: "ix", 40_000_000: "40000000"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 28: "BB", 900_000_000: "900000000"}),
        ("lowerLetter", {3: "c", 53: "aaa"}),
        ("ordinal", {1: "1st", 2: "2nd", 3: "3rd", 11: "11th", 21: "21st"}),
        ("none", {1: "", 5: ""}),
        ("bullet", {1: ""}),
        ("aFormatOfTomorrow", {7: "7"}),
        ("chineseCountingThousand", {-1: "-1", 10**12: "1000000000000"}),
    ],
)
def test_numbers_are_said_as_word_says_them(number_format: str, said: dict[int, str]) -> None:
    assert {number: written(number, number_format) for number in said} == said
