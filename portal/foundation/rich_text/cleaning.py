"""The one way in which HTML of a person is stored."""

import re
from collections.abc import Sequence
from uuid import UUID

import nh3
from django.utils.translation import gettext as _

from portal.foundation.errors import PortalError
from portal.foundation.rich_text.model import Block, Picture, write_blocks
from portal.foundation.rich_text.reading import read_html

LONGEST_INPUT = 8_000_000
# 5 MB of Word have some 90,000; what has more, and is as long as nobody writes, would take seconds.
MOST_TAGS = 120_000
LONGEST_OUTPUT = 2_000_000
PICTURE = re.compile(r"/files/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/picture/")
# The judge's time grows with the square of the ampersands of one text; a comment, which it drops, makes two texts of one. No address is as long as that.
AMPERSANDS = re.compile(r"(?:&amp;[^<>&]*+){2500}")
ALIGNMENTS = {"center", "right"}
SPANS = {str(number) for number in range(2, 101)}
TAGS = [
    "h2",
    "h3",
    "h4",
    "p",
    "ul",
    "ol",
    "li",
    "blockquote",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "br",
    "pre",
    "figure",
    "figcaption",
    "strong",
    "em",
    "u",
    "s",
    "sub",
    "sup",
    "a",
    "code",
    "img",
]


def _only_our_pictures(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src"):
        return value if PICTURE.fullmatch(value) else None
    if (tag, name) == ("ol", "start"):
        return value if value.isascii() and value.isdecimal() else None
    return value


def judge(more_tags: Sequence[str] = ()) -> nh3.Cleaner:
    """The last word on what is safe: whatever the reader of blocks made of the input, nothing else passes."""
    return nh3.Cleaner(
        tags={*TAGS, *more_tags},
        clean_content_tags={"script", "style"},
        attributes={"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}},
        tag_attribute_values={name: {"colspan": SPANS, "rowspan": SPANS} for name in ("td", "th")},
        allowed_classes=dict.fromkeys(("p", "h2", "h3", "h4", "td", "th"), ALIGNMENTS),
        attribute_filter=_only_our_pictures,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


_judge = judge()


class RichTextTooLongError(PortalError):
    """The text is longer than one text may be."""


def clean_html(html: str) -> str:
    """What may be stored of this HTML. Cleaning twice is cleaning once. Refuses what is too long, with a sentence."""
    if len(html) > LONGEST_INPUT or html.count("<") > MOST_TAGS:
        raise RichTextTooLongError(_("The text is too long. Split it, or attach it as a file."))
    written = write_blocks(read_html(html))
    if len(written) > LONGEST_OUTPUT:
        raise RichTextTooLongError(_("The text is too long. Split it, or attach it as a file."))
    return _judge.clean(AMPERSANDS.sub(r"\g<0><!---->", written))


def to_text(html: str) -> str:
    """The words of HTML, a line for each block, the cells of a row in one line."""
    lines: list[str] = []
    for block in read_html(html):
        _add_lines(block, lines)
    return "\n".join(lines)


def picture_ids(html: str) -> list[UUID]:
    """The pictures that the HTML shows, each once, in order."""
    found: dict[UUID, None] = {}
    _add_pictures(read_html(html), found)
    return list(found)


def _add_lines(block: Block, lines: list[str]) -> None:
    if block.name == "tr":
        cells: list[str] = []
        for cell in block.children:
            inner: list[str] = []
            for child in cell.children:
                _add_lines(child, inner)
            cells.append(" ".join(inner))
        lines.append(" ".join(cell for cell in cells if cell))
        return
    if block.runs and (words := block.words().strip()):
        lines.append(words)
    for child in block.children:
        _add_lines(child, lines)


def _add_pictures(blocks: list[Block], found: dict[UUID, None]) -> None:
    for block in blocks:
        for run in block.runs:
            if isinstance(run.content, Picture):
                match = PICTURE.fullmatch(run.content.address)
                assert match is not None
                found[UUID(match[1])] = None
        _add_pictures(block.children, found)
