"""Text of documents, page by page, as lines of JSON. Refuses what does not end and what unpacks to too much."""

import json
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from typing import IO

from charset_normalizer import from_bytes
from striprtf.striprtf import rtf_to_text

from portal.attachments.reading import office, pdf, sheets
from portal.attachments.reading.parts import PART_LOST

LONGEST = 8_000_000  # characters of one file; a plant's thickest book has a fifth of it
MOST_PAGES = 10_000
PAGE_OF_TEXT = 20_000  # characters, for files without pages
MOST_BYTES_OF_TEXT = 64 * 2**20
MARKUP = ("text/html", "application/xml", "image/svg+xml")
CHINESE_CHARSETS = ("gb18030", "big5")
# Punctuation, and the signs in everyday use: GB 2312 up to its row 55, Big5 up to its row C6.
COMMON_SIGNS = {"gb18030": (b"\xa1\xa1", b"\xd7\xf9"), "big5": (b"\xa1\x40", b"\xc6\x7e")}
MEASURED = 20_000


def extract(file: IO[bytes], media_type: str) -> Iterator[bytes]:
    """One line of JSON for each page: its number and its text. At the end one of `PART_LOST`, where a part of the file could not be read."""
    left = LONGEST
    lost: set[str] = set()
    for number, page in enumerate(_pages(file, media_type, lost), 1):
        text = page.replace("\x00", "").strip()[:left]
        if text:
            yield json.dumps([number, text]).encode() + b"\n"
        left -= len(text)
        if left <= 0 or number >= MOST_PAGES:
            break
    if lost:
        yield json.dumps([PART_LOST, ", ".join(sorted(lost))]).encode() + b"\n"


def decode(content: bytes) -> str:
    """Text of any charset that is in use in China."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    with suppress(UnicodeDecodeError):
        return content.decode().removeprefix("\ufeff")
    found = [text for charset in CHINESE_CHARSETS if (text := _decoded(content, charset)) is not None]
    if found:
        return found[0] if len(found) == 1 else max(zip(CHINESE_CHARSETS, found, strict=True), key=lambda pair: _common_signs(pair[1], pair[0]))[1]
    best = from_bytes(content[: 2**20]).best()
    return content.decode(best.encoding if best else "gb18030", "replace")


def _decoded(content: bytes, charset: str) -> str | None:
    try:
        return content.decode(charset)
    except UnicodeDecodeError:
        return None


def _common_signs(text: str, charset: str) -> float:
    """Which share of the Chinese signs is among the few thousand that the charset has in its first level: nearly all of them, if it is the right one."""
    signs = [sign for sign in text[:MEASURED] if sign > "\u2e80"]
    first, last = COMMON_SIGNS[charset]
    encoded = [sign.encode(charset, "replace") for sign in signs]
    return sum(first <= sign <= last and (charset != "gb18030" or sign[1] >= 0xA1) for sign in encoded if len(sign) == 2) / max(len(signs), 1)


def _pages(file: IO[bytes], media_type: str, lost: set[str]) -> Iterator[str]:
    if media_type == "application/pdf":
        return pdf.texts(file)
    if media_type in office.READERS:
        return office.texts(file, media_type)
    if media_type in sheets.MEDIA_TYPES:
        return sheets.texts(file, lost)
    if media_type == "application/rtf":
        return _stretches(str(rtf_to_text(file.read(MOST_BYTES_OF_TEXT).decode("latin-1"), errors="ignore")))
    text = decode(file.read(MOST_BYTES_OF_TEXT))
    return _stretches(_html_text(text) if media_type in MARKUP else text)


def _stretches(text: str) -> Iterator[str]:
    for start in range(0, max(len(text), 1), PAGE_OF_TEXT):
        yield text[start : start + PAGE_OF_TEXT]


class _Words(HTMLParser):
    """What a reader of the page would see."""

    SILENT = frozenset({"script", "style", "template", "noscript"})
    BLOCKS = frozenset(["p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "br", "table", "section", "article", "title"])

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silence = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silence += tag in self.SILENT
        if tag in self.BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_endtag(self, tag: str) -> None:
        self.silence -= tag in self.SILENT and self.silence > 0

    def handle_data(self, data: str) -> None:
        if not self.silence:
            self.parts.append(data)


def _html_text(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    reader.close()
    return "\n".join(line for line in (" ".join(line.split()) for line in "".join(reader.parts).split("\n")) if line)
