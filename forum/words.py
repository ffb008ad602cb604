"""Which of a board's held words a text has."""

from unicodedata import normalize

from forum.models import Board
from portal.foundation.rich_text import to_text

MOST_WORDS, LONGEST_WORD = 500, 40
MOST_TOLD = 5


def held_words_in(board: Board, *texts: str) -> list[str]:
    """Of titles and rich text, whatever the width and case of the letters, and with blanks or points between them."""
    words = board.held_words.splitlines()
    if not words:
        return []
    said = _flat("\n".join(to_text(text) if "<" in text else text for text in texts))
    return [word for word in words if (flat := _flat(word)) and flat in said]


def told_words(words: list[str]) -> str:
    return "、".join(words[:MOST_TOLD])[:200]


def _flat(text: str) -> str:
    return "".join(sign for sign in normalize("NFKC", text).casefold() if sign.isalnum())
