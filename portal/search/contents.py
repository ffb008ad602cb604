"""What stands in the text of a file and is not said by it: tables of contents, which name everything and tell nothing, and the ends of lines."""

import re
from itertools import pairwise

from portal.search.analysis.folding import UNSPACED

NUMBER = r"(?:\d{1,5}|[ivxlc]{1,7})"
# Begins only where no leader goes before, so that a line of a million dots is read once.
LEADERS = re.compile(rf"(?<![.·…‥．])(?<![.·…‥．][ \t])(?:[.·…‥．][ \t]?){{4,}}+[ \t]*(?={NUMBER}[ \t\r]*$)", re.MULTILINE | re.IGNORECASE)
SHORT = "… "
# PDFium's sign for the hyphen at the end of a line, where it joins two.
HYPHEN = "\x02"
UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")
FULL_LINE = 36
LINE = re.compile(rf"^.*{SHORT}{NUMBER}[ \t\r]*$\n?", re.MULTILINE | re.IGNORECASE)


def shorten_leaders(text: str) -> str:
    """Dots that lead to a page number at the end of a line, as one sign."""
    return LEADERS.sub(SHORT, text)


def without_contents(text: str) -> str:
    """A text of which the leaders are short, without the lines that lead to a page number."""
    return LINE.sub("", text) if SHORT in text else text


def without_wraps(text: str) -> str:
    """Lines of Chinese that only go on in the next one, as one: a word that is cut at the end of a line is found. Headings and items keep theirs."""
    lines = [line.strip() for line in text.replace(HYPHEN, "-").split("\n")]
    parts = lines[:1]
    for line, following in pairwise(lines):
        parts += ["" if _goes_on(line, following) else "\n", following]
    return "".join(parts)


def _goes_on(line: str, following: str) -> bool:
    if not (line and following and UNSPACED_CHARACTER.match(line[-1]) and UNSPACED_CHARACTER.match(following)):
        return False
    width = _width(line)
    return width >= FULL_LINE and width >= 0.9 * _width(following)


def _width(line: str) -> int:
    """In half characters."""
    return len(line) + len(UNSPACED_CHARACTER.findall(line))
