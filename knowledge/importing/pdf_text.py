"""The text of a PDF under the headings of its outline. The file itself hangs on the article; this is for reading on a telephone, and for its contents."""

import re
from collections import defaultdict
from html import escape

from portal.attachments.documents import ReadPages

LONGEST = 400_000
SPACE = re.compile(r"\s+")
ENDS = re.compile(r"[。！？：；.!?:;）)]$")


def pdf_text(read: ReadPages) -> tuple[str, dict[str, int]]:
    """HTML, and what was lost by code."""
    if not any(page.strip() for page in read.pages):
        return _contents(read), {"scanned": 1}
    parts: list[str] = []
    length = 0
    entries: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    for level, title, begins_on in read.outline:
        entries[begins_on].append((level, title))
    for number, page in enumerate(read.pages, start=1):
        length += len(page)
        if length > LONGEST:
            return "".join(parts), {"layout": 1, "pages": len(read.pages) - number + 1}
        parts.append(_page(page, entries.get(number, [])))
    return "".join(parts), {"layout": 1}


def _page(text: str, entries: list[tuple[int, str]]) -> str:
    """Lines that belong together, under the headings that begin on the page; one that is not found as a line stands at its top."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    plain = [SPACE.sub("", line) for line in lines]
    headings: dict[int, tuple[int, str]] = {}
    above: list[str] = []
    for level, title in entries:
        wanted = SPACE.sub("", title)
        place = next((place for place, line in enumerate(plain) if wanted and line.endswith(wanted) and len(line) < len(wanted) + 8), None)
        if place is None:
            above.append(_heading(level, title))
        else:
            headings[place] = (level, lines[place])
    parts, paragraph = above, ""
    for place, line in enumerate(lines):
        if place in headings:
            parts.append(f"<p>{escape(paragraph)}</p>" if paragraph else "")
            parts.append(_heading(*headings[place]))
            paragraph = ""
            continue
        paragraph += (" " if paragraph and line[0].isascii() and paragraph[-1].isascii() else "") + line
        if ENDS.search(line):
            parts.append(f"<p>{escape(paragraph)}</p>")
            paragraph = ""
    return "".join(parts) + (f"<p>{escape(paragraph)}</p>" if paragraph else "")


def _contents(read: ReadPages) -> str:
    return "".join(_heading(level, title) for level, title, _page in read.outline)


def _heading(level: int, title: str) -> str:
    tag = f"h{min(level + 1, 4)}"
    return f"<{tag}>{escape(title)}</{tag}>"
