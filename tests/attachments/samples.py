"""Files made while the tests run: real ones, hostile ones, and bombs."""

import io
import struct
import zipfile
import zlib
from typing import Any

import openpyxl
from PIL import Image

from portal.access.models import Audience
from portal.access.rules import AudienceRule, department_token
from portal.organization.models import Department
from tests.papers.models import Paper

CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OPEN_SPACES = {"office": "office", "text": "text", "draw": "drawing", "svg": "svg-compatible"}
GPS = {1: "N", 2: (30.0, 35.0, 1.0), 3: "E", 4: (114.0, 18.0, 1.0)}


def paper_for(department: Department, title: str = "质量月报") -> Paper:
    """A thing that a department sees."""
    return Paper.objects.create(title=title, audience=Audience.objects.for_rule(AudienceRule.of([department_token(department.pk)])))


def png(width: int = 40, height: int = 30, colour: str = "teal") -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(output, "PNG")
    return output.getvalue()


def sideways_photo_with_position(width: int = 60, height: int = 40) -> bytes:
    """A JPEG as a telephone makes it: lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Gongfang Telephone"
    exif.get_ifd(0x8825).update(GPS)
    output = io.BytesIO()
    Image.new("RGB", (width, height), "olive").save(output, "JPEG", exif=exif)
    return output.getvalue()


def pdf(*pages: str) -> bytes:
    """A PDF with a line of Latin text on each page."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for text in pages:
        stream = f"BT /F1 24 Tf 60 700 Td ({text}) Tj ET".encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _pdf_of(objects)


def pdf_whose_pages_loop() -> bytes:
    """The tree of pages contains itself."""
    return _pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"])


def pdf_that_unpacks_to(length: int) -> bytes:
    """One page whose content is a gigabyte of drawing."""
    packed = zlib.compress(b"0 0 m 9 9 l S " * (length // 14), 9)
    return _pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        ]
    )


def encrypted_pdf() -> bytes:
    """Opened by a password that nobody has."""
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>]" % (b"4f" * 32, b"55" * 32)
    return pdf("secret").replace(b"/Root 1 0 R", b"/Root 1 0 R " + lock)


def _pdf_of(objects: list[bytes]) -> bytes:
    output = io.BytesIO()
    output.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(output.tell())
        output.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = output.tell()
    output.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    output.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    output.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return output.getvalue()


def docx(*paragraphs: str, prologue: str = "") -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = f'<?xml version="1.0" encoding="UTF-8"?>{prologue}<w:document {WORD}><w:body>{body}</w:body></w:document>'
    return zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document.encode()})


def numbered_docx(body: str, *, numbering: str, styles: str = "") -> bytes:
    """A document with lists: the inner XML of its three parts."""
    parts = {"document": ("document", f"<w:body>{body}</w:body>"), "numbering": ("numbering", numbering), "styles": ("styles", styles)}
    written = {f"word/{name}.xml": f'<?xml version="1.0" encoding="UTF-8"?><w:{tag} {WORD}>{inner}</w:{tag}>'.encode() for name, (tag, inner) in parts.items()}
    return zipped({"[Content_Types].xml": CONTENT_TYPES} | written)


def docx_with_quadratic_entities() -> bytes:
    return docx("&a;" * 50_000, prologue=f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>')


def docx_with_external_entity(address: str) -> bytes:
    return docx("&x;", prologue=f'<!DOCTYPE x [<!ENTITY x SYSTEM "{address}">]>')


def docx_that_unpacks_to(length: int) -> bytes:
    """A zip bomb: megabytes of one letter in a few kilobytes."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(f"<w:document {WORD}><w:body>".encode())
            run = b"<w:p><w:r><w:t>" + b"a" * 4000 + b"</w:t></w:r></w:p>"
            for _ in range(length // len(run)):
                part.write(run)
            part.write(b"</w:body></w:document>")
    return output.getvalue()


def deep_docx(depth: int) -> bytes:
    document = f"<w:document {WORD}>" + "<w:p>" * depth + "</w:p>" * depth + "</w:document>"
    return zipped({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": document.encode()})


def xlsx(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def pptx(*slides: str) -> bytes:
    drawing = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    parts = {f"ppt/slides/slide{number}.xml": f"<p {drawing}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p>".encode() for number, text in enumerate(slides, 1)}
    return zipped({"[Content_Types].xml": CONTENT_TYPES} | parts)


def pptx_in_order(slides: dict[int, str], order: list[int], *, notes: dict[int, str]) -> bytes:
    """Parts by their number, the order of the show, and what is said beside them."""
    drawing = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def relations(entries: list[tuple[str, str, str]]) -> bytes:
        inner = "".join(f'<Relationship Id="{key}" Type="{kinds}/{kind}" Target="{target}"/>' for key, kind, target in entries)
        return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>'.encode()

    show = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number in order)
    spaces = f'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{kinds}"'
    parts = {
        "ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>{show}</p:sldIdLst></p:presentation>".encode(),
        "ppt/_rels/presentation.xml.rels": relations([(f"rId{number}", "slide", f"slides/slide{number}.xml") for number in slides]),
    }
    for number, text in slides.items():
        parts[f"ppt/slides/slide{number}.xml"] = f"<p {drawing}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p>".encode()
    for number, text in notes.items():
        parts[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations([("rId1", "notesSlide", "../notesSlides/notesSlide1.xml")])
        parts["ppt/notesSlides/notesSlide1.xml"] = f"<p {drawing}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p>".encode()
    return zipped({"[Content_Types].xml": CONTENT_TYPES} | parts)


def encrypted_odt() -> bytes:
    """What LibreOffice writes under a password: the parts are not XML any more, and the list of parts says so."""
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data manifest:checksum="x"/></manifest:file-entry>'
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entry}</manifest:manifest>'
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "META-INF/manifest.xml": manifest.encode(), "content.xml": b"\x8f\x01" * 200})


def odt(text: str) -> bytes:
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    content = f"<office:document-content {names}><office:body><office:text><text:p>{text}</text:p></office:text></office:body></office:document-content>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def ods(**sheets: str) -> bytes:
    """Sheets by their names, each the rows of its table."""
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "manifest"))
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    tables = "".join(f"<table:table table:name='{name}'>{rows}</table:table>" for name, rows in sheets.items())
    content = f"<office:document-content {names}><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    whole = f"<manifest:manifest {names}><manifest:file-entry manifest:full-path='/' manifest:media-type='{kind}'/></manifest:manifest>"
    return zipped({"mimetype": kind.encode(), "META-INF/manifest.xml": whole.encode(), "content.xml": content.encode()})


def odt_with_picture_at(address: str) -> bytes:
    """A document whose picture is elsewhere; LibreOffice wants its list of parts too."""
    spaces = {name: f"urn:oasis:names:tc:opendocument:xmlns:{space}:1.0" for name, space in OPEN_SPACES.items()} | {"xlink": "http://www.w3.org/1999/xlink"}
    image = f'<draw:image xlink:href="{address}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
    frame = f'<draw:frame svg:width="5cm" svg:height="5cm" text:anchor-type="as-char">{image}</draw:frame>'
    declared = " ".join(f'xmlns:{name}="{space}"' for name, space in spaces.items())
    content = (
        f"<office:document-content {declared}><office:body><office:text><text:p>photo {frame}</text:p></office:text></office:body></office:document-content>"
    )
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    entries = entry.format("/", "application/vnd.oasis.opendocument.text") + entry.format("content.xml", "text/xml")
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entries}</manifest:manifest>'
    kind = b"application/vnd.oasis.opendocument.text"
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()})


def ofd(text: str) -> bytes:
    page = f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:TextObject><ofd:TextCode>{text}</ofd:TextCode></ofd:TextObject></ofd:Page>'
    return zipped({"OFD.xml": b"<x/>", "Doc_0/Pages/Page_0/Content.xml": page.encode()})


def zipped(parts: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return output.getvalue()


def picture_bomb(side: int = 50_000) -> bytes:
    """A PNG of 2.5 thousand million points in a few kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * (side // 8 + 1) * 1000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
