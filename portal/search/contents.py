"""Tables of contents. They name everything that a file holds, and nothing of it stands there."""

import re

NUMBER = r"(?:\d{1,5}|[ivxlc]{1,7})"
# Begins only where no leader goes before, so that a line of a million dots is read once.
LEADERS = re.compile(rf"(?<![.·…‥．])(?<![.·…‥．][ \t])(?:[.·…‥．][ \t]?){{4,}}+[ \t]*(?={NUMBER}[ \t\r]*$)", re.MULTILINE | re.IGNORECASE)
SHORT = "… "
LINE = re.compile(rf"^.*{SHORT}{NUMBER}[ \t\r]*$\n?", re.MULTILINE | re.IGNORECASE)


def shorten_leaders(text: str) -> str:
    """Dots that lead to a page number at the end of a line, as one sign."""
    return LEADERS.sub(SHORT, text)


def without_contents(text: str) -> str:
    """A text of which the leaders are short, without the lines that lead to a page number."""
    return LINE.sub("", text) if SHORT in text else text
