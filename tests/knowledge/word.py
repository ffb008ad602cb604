"""Word documents as plants make them: numbered by Word in several ways, or by hand; and what is not to be read."""

from collections.abc import Iterable, Mapping
from html import escape
from io import BytesIO
from random import Random
from struct import pack
from zipfile import ZIP_DEFLATED, ZipFile

from tests.knowledge.regulations import Regulation, counted

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = f'xmlns:w="{WORD}" xmlns:r="{OFFICE}"'
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
CHAPTERS = ("总则", "职责", "检查与记录", "异常处置", "考核", "培训", "附则")
NOTHING, END = 0xFFFFFFFF, 0xFFFFFFFE  # of the old Office format
ITEMS = ("保管员负责日常记录", "班长负责复核签字", "质检科按月抽查")

STYLES = """<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="Zhang"><w:name w:val="章"/><w:basedOn w:val="1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Tiao"><w:name w:val="条"/><w:basedOn w:val="a"/>
<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="T"><w:name w:val="Title"/><w:basedOn w:val="a"/></w:style>"""


def level(place: int, number_format: str, text: str, *, more: str = "", suffix: str = "space") -> str:
    return f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/>{more}<w:suff w:val="{suffix}"/><w:lvlText w:val="{text}"/></w:lvl>'


# The chapters, articles that go on counting through them, and items that begin anew in each article.
ONE_LIST = (
    level(0, "chineseCounting", "第%1章", more='<w:pStyle w:val="Zhang"/>')
    + level(1, "chineseCountingThousand", "第%2条", more='<w:lvlRestart w:val="0"/><w:pStyle w:val="Tiao"/>')
    + level(2, "chineseCounting", "（%3）", suffix="nothing")
)
NUMBERING = f"""<w:abstractNum w:abstractNumId="0">{ONE_LIST}</w:abstractNum>
<w:abstractNum w:abstractNumId="1">{level(0, "chineseCounting", "第%1章")}</w:abstractNum>
<w:abstractNum w:abstractNumId="2">{level(0, "chineseCountingThousand", "第%1条")}{level(1, "chineseCounting", "（%2）", suffix="nothing")}</w:abstractNum>
<w:abstractNum w:abstractNumId="3">{level(0, "bullet", "·")}</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="3"/></w:num>"""


def paragraph(text: str, *, style: str = "", number: tuple[int, int] | None = None, runs: str = "") -> str:
    """`number` is the list and the level in it; `runs` stands behind the words."""
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number is not None:
        properties += f'<w:numPr><w:ilvl w:val="{number[1]}"/><w:numId w:val="{number[0]}"/></w:numPr>'
    words = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f"<w:p><w:pPr>{properties}</w:pPr>{words}{runs}</w:p>"


def document(
    body: str, *, styles: str = STYLES, numbering: str = NUMBERING, more: Mapping[str, bytes | str] | None = None, relations: str = "", main: str = MAIN_TYPE
) -> bytes:
    """A DOCX of this body."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/styles.xml": f"<w:styles {NAMES}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {NAMES}>{numbering}</w:numbering>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
    }
    parts |= more or {}
    return archive(parts)


def archive(parts: Mapping[str, bytes | str]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def regulation_document(random: Random, regulation: Regulation, *, title: str = "") -> bytes:
    """A policy as a department sends it: numbered by styles of one list, by lists of its own, or typed."""
    way = random.choice(("styles", "lists", "typed"))
    parts = [paragraph(title, style="T")] if title else []
    number = 0
    for place, chapter in enumerate(regulation.chapters, start=1):
        parts.append(_chapter(way, place, CHAPTERS[(place - 1) % len(CHAPTERS)]))
        for said in chapter:
            number += 1
            parts.append(_article(way, number, said.text))
            if said.key % 9 == 4:
                parts += _items(way)
    return document("".join(parts))


def _chapter(way: str, place: int, text: str) -> str:
    if way == "typed":
        return paragraph(f"第{counted(place)}章　{text}", style="1")
    return paragraph(text, style="Zhang") if way == "styles" else paragraph(text, style="1", number=(2, 0))


def _article(way: str, number: int, text: str) -> str:
    if way == "typed":
        return paragraph(f"第{counted(number)}条　{text}")
    return paragraph(text, style="Tiao") if way == "styles" else paragraph(text, number=(3, 0))


def _items(way: str) -> Iterable[str]:
    for place, text in enumerate(ITEMS, start=1):
        if way == "typed":
            yield paragraph(f"（{counted(place)}）{text}；")
        else:
            yield paragraph(f"{text}；", number=(1, 2) if way == "styles" else (3, 1))


def old_office(stream: str) -> bytes:
    """A file of the old Office format (MS-CFB) with one empty stream: `WordDocument` makes it a .doc, `EncryptedPackage` a protected one."""

    def entry(name: str, kind: int, child: int) -> bytes:
        words = name.encode("utf-16-le") + b"\0\0"
        colour = bytes([kind, 1])
        return words.ljust(64, b"\0") + pack("<H", len(words)) + colour + pack("<III", NOTHING, NOTHING, child) + bytes(36) + pack("<IQ", END, 0)

    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += pack("<IIIIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0, 0, NOTHING) + pack("<I", NOTHING) * 107
    table = pack("<II", 0xFFFFFFFD, END) + pack("<I", NOTHING) * 126
    folder = entry("Root Entry", 5, 1) + entry(stream, 2, NOTHING) + bytes(256)
    return header[:512].ljust(512, b"\xff") + table + folder


def claiming(content: bytes, name: str, size: int) -> bytes:
    """The archive with an entry that says of itself that it unpacks to so much."""
    place = content.rindex(b"PK\x01\x02", 0, content.rindex(name.encode()))
    return content[: place + 24] + pack("<I", size) + content[place + 28 :]
