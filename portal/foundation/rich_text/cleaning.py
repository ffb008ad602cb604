"""The one way in which HTML of a person is stored."""

import re
from html import unescape
from uuid import UUID

import nh3
from django.utils.translation import gettext as _

from portal.foundation.errors import PortalError

LONGEST_INPUT = 8_000_000
LONGEST_OUTPUT = 2_000_000
PICTURE = re.compile(r"/files/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/picture/")
PICTURE_TAG = re.compile(rf'<img[^>]*? src="{PICTURE.pattern}"')
BLOCK_END = re.compile(r"<(?:br|hr|/p|/h[2-4]|/li|/tr|/caption|/figcaption|/pre|/blockquote)\b[^>]*>")
CELL_END = re.compile(r"</t[dh]>")
TAG = re.compile(r"<[^>]*>")
ALIGNMENTS = {"center", "right"}
NUMBERS = {str(number) for number in range(1, 101)}

_cleaner = nh3.Cleaner(
    tags=set("h2 h3 h4 p ul ol li blockquote table caption thead tbody tr th td strong em u s sub sup a hr br code pre figure figcaption img".split()),
    clean_content_tags={"script", "style", "title", "template", "iframe", "object", "svg", "math", "noscript", "xml", "textarea", "select"},
    attributes={"a": {"href"}, "img": {"src", "alt"}},
    tag_attribute_values={"td": {"colspan": NUMBERS, "rowspan": NUMBERS}, "th": {"colspan": NUMBERS, "rowspan": NUMBERS}, "ol": {"start": NUMBERS}},
    allowed_classes={name: ALIGNMENTS for name in ("p", "h2", "h3", "h4", "td", "th")},
    attribute_filter=lambda tag, name, value: (value if PICTURE.fullmatch(value) else None) if (tag, name) == ("img", "src") else value,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener noreferrer",
)


class RichTextTooLongError(PortalError):
    """The text is longer than one text may be."""


def clean_html(html: str) -> str:
    """What may be stored of this HTML. Cleaning twice is cleaning once. Refuses what is too long, with a sentence."""
    if len(html) > LONGEST_INPUT:
        raise RichTextTooLongError(_("The text is too long. Split it, or attach it as a file."))
    cleaned = _cleaner.clean(html).strip()
    if len(cleaned) > LONGEST_OUTPUT:
        raise RichTextTooLongError(_("The text is too long. Split it, or attach it as a file."))
    return cleaned


def to_text(html: str) -> str:
    """The words of cleaned HTML, a line for each block."""
    lines = TAG.sub("", CELL_END.sub(" ", BLOCK_END.sub("\n", html))).split("\n")
    return "\n".join(line for line in (" ".join(unescape(line).split()) for line in lines) if line)


def picture_ids(html: str) -> list[UUID]:
    """The pictures that cleaned HTML shows, each once, in order."""
    return list(dict.fromkeys(UUID(name) for name in PICTURE_TAG.findall(html)))
