"""The text of a comment: plain, with its line breaks, and with addresses that can be pressed."""

import re
from html import escape

from django.utils.safestring import SafeString, mark_safe

from portal.foundation.signs import visible

# One class of characters, repeated once: linear in the text, whatever it is (S25).
ADDRESS = re.compile(r"https?://[^\s<>\"'`{}|\\^，。；：！？、（）【】《》〈〉「」“”‘’]+", re.IGNORECASE)
ENDS_SENTENCE = ".,;:!?)]*_~"
EMPTY_LINES = re.compile(r"\n{3,}")


def clean_body(text: str) -> str:
    """The text without control and direction marks, trailing blanks and heaps of empty lines."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = visible(unified, kept="\n\t")
    return EMPTY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in kept.split("\n"))).strip()


def body_html(text: str) -> SafeString:
    """Everything escaped; addresses of the web as links that tell nobody where they were pressed."""
    paragraphs = [f"<p>{_line_html(part)}</p>" for part in text.split("\n\n")]
    return mark_safe("".join(paragraphs))  # every part is escaped


def _line_html(text: str) -> str:
    parts, end = [], 0
    for match in ADDRESS.finditer(text):
        address = match[0].rstrip(ENDS_SENTENCE)
        if match[0][len(address) :].startswith(")") and "(" in address:
            address += ")"
        if len(address) <= len("https://"):
            continue
        parts.append(escape(text[end : match.start()]))
        parts.append(f'<a href="{escape(address)}" rel="noopener noreferrer nofollow">{escape(address)}</a>')
        end = match.start() + len(address)
    parts.append(escape(text[end:]))
    return "".join(parts).replace("\n", "<br>")
