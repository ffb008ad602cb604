"""The spellings by which a name is found: the name, its pinyin and initials, its English form. And what a thing is called as a whole."""

from collections.abc import Iterable, Iterator

from portal.foundation.names import name_initials, name_starts, name_syllables
from portal.search.analysis.folding import fold
from portal.search.analysis.terms import as_one, is_unspaced, pieces_of

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Six letters in the order of the alphabet, as a number.
KEPT = 6
LAST = (len(LETTERS) + 1) ** KEPT
YEAR = 4


def spellings(names: Iterable[str]) -> list[str]:
    """王建国 (Wang Jianguo): 王建国, 建国, 国, wangjianguo, jianguo, guo, wjg. A beginning of any of them finds the name."""
    return list(dict.fromkeys(spelling for name in names for spelling in name_starts(fold(name), "").split("|") if spelling and " " not in spelling))


def wholes(names: Iterable[str], called: Iterable[str] = (), number: str = "", title: str = "") -> list[str]:
    """What a thing is called exactly: names with their pinyin and the initials of Chinese ones, positions, the end of a document's number, the title."""
    found = [as_one(fold(words)) for words in (*called, title)]
    for name in names:
        found += [as_one(fold(name)), "".join(name_syllables(name)), *([name_initials(name)] if any(map(is_unspaced, name)) else [])]
    return [whole for whole in dict.fromkeys([*found, *_ends_of(number)]) if whole and " " not in whole]


def place_of_name(names: Iterable[str]) -> int:
    """Names by their pinyin, the first with the greatest number; 0 without a name."""
    spelled = "".join(next((name_syllables(name) for name in names), []))
    if not spelled:
        return 0
    number = 0
    for letter in spelled[:KEPT].ljust(KEPT):
        number = number * (len(LETTERS) + 1) + LETTERS.find(letter) + 1
    return LAST - number


def _ends_of(number: str) -> Iterator[str]:
    """厂发〔2026〕8号: the whole, 2026 8号, 8号; and 厂发8号, as the year is left out in speaking. A number is never cut."""
    pieces = pieces_of(fold(number))
    for start in range(len(pieces)):
        yield as_one("".join(pieces[start:]))
    yield as_one("".join(piece for piece in pieces if not (piece.isdigit() and len(piece) == YEAR)))
