"""Reads any HTML, however broken, as a row of tags and words, in time that grows with its length alone."""

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from portal.foundation.rich_text.elements import MEANT, SILENT

TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)((?:[^>"']|"[^"]*"|'[^']*')*+)>""")
MARKUP = re.compile(r"<(?=[a-zA-Z!?]|/[a-zA-Z])")
# Where a quotation never ends, quotations are no longer looked at.
PLAIN_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)([^<>]*)>")
ATTRIBUTE = re.compile(r"""([^\s=/>"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']*)))?""")
EMBEDDED = re.compile(r"data:[^\s\"'<>)]{64,}")
SILENT_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in SILENT}
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufeff\u200b\u2060\ufffe\uffff\ud800-\udfff]")


class Tag(NamedTuple):
    """The start or the end of an element; attributes as they were written."""

    name: str
    is_end: bool
    written: str

    def attributes(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for match in ATTRIBUTE.finditer(self.written[:20_000]):
            found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
        return found


def scan(html: str) -> Iterator[str | Tag]:
    """Words and tags in their order. Comments, declarations, and what is inside of elements without text are left out."""
    html = EMBEDDED.sub("data:", html.replace("\r\n", "\n").replace("\r", "\n"))
    words: list[str] = []
    pattern = TAG
    position = 0
    unclosed: set[str] = set()
    while beginning := MARKUP.search(html, position):
        start = beginning.start()
        if start > position:
            words.append(html[position:start])
        if html[start + 1] in "!?":
            position = _after_declaration(html, start, unclosed)
            continue
        match = pattern.match(html, start)
        if match is None and pattern is TAG:
            pattern = PLAIN_TAG
            match = pattern.match(html, start)
        if match is None:
            words.append("<")
            position = start + 1
            continue
        position = match.end()
        name = match[2].lower()
        if name in SILENT:
            if not match[1] and not match[3].endswith("/") and name not in unclosed:
                end = SILENT_ENDS[name].search(html, position)
                if end is None:
                    unclosed.add(name)
                else:
                    position = end.start()
            continue
        if name not in MEANT:
            continue
        if words:
            yield CONTROL.sub("", unescape("".join(words)))
            words = []
        yield Tag(name, bool(match[1]), match[3])
    words.append(html[position:])
    yield CONTROL.sub("", unescape("".join(words)))


def _after_declaration(html: str, start: int, unclosed: set[str]) -> int:
    ending = "-->" if html.startswith("<!--", start) else ">"
    end = -1 if ending in unclosed else html.find(ending, start + 2)
    if end >= 0:
        return end + len(ending)
    unclosed.add(ending)
    end = -1 if ">" in unclosed else html.find(">", start + 2)
    return len(html) if end < 0 else end + 1
