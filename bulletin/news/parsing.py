"""Runs in a limited process: makes entries of a feed that nobody trusts. Imports no Django, and knows no time zone of the plant."""

import calendar
import codecs
import html
import json
import re
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any
from urllib.parse import urljoin

import feedparser
import nh3

LONGEST_TITLE = 300
LONGEST_SUMMARY = 2_000
LONGEST_AUTHOR = 100
LONGEST_LINK = 2_000
LONGEST_MARKUP = 100_000  # of one entry; what comes behind it is not read

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
PROLOG = re.compile(r"<!DOCTYPE|<[A-Za-z]", re.IGNORECASE)
ENDS_BLOCK = re.compile(r"<(?=(?:br|/p|/div|/li|/tr|/h[1-6])\b)", re.IGNORECASE)
HAS_ZONE = re.compile(r"(?:[+-]\d{2}:?\d{2}|[A-Za-z]{1,5})\s*\Z")
SILENT = {"script", "style", "title", "noscript", "template", "iframe", "object", "svg", "math"}


def parse(source: IO[bytes], address: str, most: str) -> bytes:
    """JSON: `{"is_feed": …, "entries": [{id, link, title, summary, author, at, has_zone}]}`, as the feed has them in order, at most `most`."""
    text = decode(source.read())
    found = feedparser.parse(
        BytesIO(_without_doctype(text).encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": address},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    entries = [_entry(entry, address) for entry in found.entries[: int(most)]]
    return json.dumps({"is_feed": bool(found.version or entries), "entries": entries}, ensure_ascii=False).encode("utf-8", "replace")


def decode(content: bytes) -> str:
    """The text, whatever encoding the feed declares: what is UTF-8 is UTF-8; else what it says, if that fits; else Chinese."""
    for mark, name in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    declared = DECLARED.search(content[:1000])
    for name in ("utf-8", declared[1].decode("ascii") if declared else "utf-8", "gb18030"):
        try:
            return content.decode("gb18030" if name.lower() in ("gbk", "gb2312", "x-gbk") else name)
        except (UnicodeError, LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def plain_text(markup: str, longest: int) -> str:
    """The words without tags, scripts and control signs; a line for each block, at most one of them empty."""
    marked = ENDS_BLOCK.sub("\n<", markup[:LONGEST_MARKUP])
    words = html.unescape(nh3.clean(marked, tags=set(), clean_content_tags=SILENT)) if "<" in marked or "&" in marked else marked
    kept = "".join(sign for sign in words if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    lines = [" ".join(line.split()) for line in kept.split("\n")]
    return _shortened("\n".join(line for line in lines if line), longest)


def _without_doctype(text: str) -> str:
    """Neither a declaration, whose encoding is not true any more, nor a type of document, whose entities nobody needs."""
    text = DECLARATION.sub("", text.lstrip("\ufeff"), count=1)
    start = PROLOG.search(text)
    if start is None or not start[0].lower().startswith("<!"):
        return text
    bracket, end = text.find("[", start.start()), text.find(">", start.start())
    if 0 <= bracket < end:
        end = text.find("]>", bracket) + 1 or len(text)
    return text[: start.start()] + text[end + 1 :]


def _entry(entry: Any, address: str) -> dict[str, Any]:
    at, has_zone = _instant(entry)
    content = next((str(part.get("value", "")) for part in entry.get("content", []) if part.get("value")), "")
    return {
        "id": str(entry.get("id", ""))[:LONGEST_LINK],
        "link": _link(entry, address),
        "title": " ".join(plain_text(str(entry.get("title", "")), LONGEST_TITLE).split()),
        "summary": plain_text(str(entry.get("summary", "")) or content, LONGEST_SUMMARY),
        "author": " ".join(plain_text(str(entry.get("author", "")), LONGEST_AUTHOR).split()),
        "at": at,
        "has_zone": has_zone,
    }


def _link(entry: Any, address: str) -> str:
    for link in _links(entry):
        try:
            whole = urljoin(address, link.strip())
        except ValueError:
            continue
        if whole.lower().startswith(("http://", "https://")) and len(whole) <= LONGEST_LINK:
            return whole
    return ""


def _links(entry: Any) -> Iterator[str]:
    yield from (str(link.get("href", "")) for link in entry.get("links", []) if link.get("rel", "alternate") == "alternate")
    yield str(entry.get("link", ""))


def _instant(entry: Any) -> tuple[int | None, bool]:
    """Seconds since 1970, as if in UTC where the feed names no zone."""
    for name in ("published", "updated", "created"):
        parsed = entry.get(f"{name}_parsed")
        if parsed is None:
            continue
        try:
            return calendar.timegm(parsed), HAS_ZONE.search(str(entry.get(name, ""))[-40:]) is not None
        except (ValueError, OverflowError, TypeError):
            continue
    return None, False


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
