"""The headings of a text and their addresses, which stay what they are when a heading is renamed or others come before it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape

from portal.foundation.rich_text import to_text

# What `clean_html` writes: a level, perhaps an alignment, nothing else.
HEADING = re.compile(r"<h([234])((?: class=\"[a-z]+\")?)>(.*?)</h\1>", re.DOTALL)
PREFIX = "s"


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    anchor: str
    text: str


def heading_texts(body: str) -> list[str]:
    return [_text(match[3]) for match in HEADING.finditer(body)]


def next_anchors(before: Sequence[str], anchors: Sequence[str], after: Sequence[str], *, given: int) -> tuple[list[str], int]:
    """The addresses of the headings `after`, given those of `before`, and how many were ever given.

    A heading that stayed or was renamed in place keeps its own; a new one gets a number that none has had, so no address comes to mean something else.
    """
    known = [*anchors, *[""] * (len(before) - len(anchors))][: len(before)]
    found = [""] * len(after)
    for tag, left, left_end, right, right_end in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag in {"equal", "replace"}:
            for here, there in zip(range(left, left_end), range(right, right_end), strict=False):
                found[there] = known[here]
    for place, anchor in enumerate(found):
        if not anchor:
            given += 1
            found[place] = f"{PREFIX}{given}"
    return found, given


def with_anchors(body: str, anchors: Sequence[str]) -> tuple[str, list[Heading]]:
    """The text with an id on each heading, and its contents."""
    headings: list[Heading] = []
    places = iter(anchors)

    def write(match: re.Match[str]) -> str:
        anchor = next(places, "")
        if not anchor:
            return match[0]
        headings.append(Heading(level=int(match[1]), anchor=anchor, text=_text(match[3])))
        return f'<h{match[1]} id="{escape(anchor)}"{match[2]}>{match[3]}</h{match[1]}>'

    return HEADING.sub(write, body), headings


def _text(inner: str) -> str:
    return " ".join(to_text(f"<p>{inner}</p>").split())
