"""The terms of a text that is to be found.

`pairs`: neighbouring characters of a run of Chinese (one alone where the run has but one), and the words and numbers of the rest; what scores.
`single`: each character, word and number in its order; for phrases, and for one character alone.
`loose`: stems of English words, and what is written together or with a sign between (8mg, GB/T) as one word.
"""

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache
from sys import intern

from Stemmer import Stemmer

from portal.search.analysis.folding import UNSPACED, fold

LONGEST_WORD = 40
# A run of unspaced script, a number, or a word of any other script.
RUN = re.compile(rf"([{UNSPACED}]+)|(\d+)|([^\W\d_{UNSPACED}]+)")
# Two or more words and numbers that stand together, or with one sign between them.
CHAIN = re.compile(rf"(?:\d+|[^\W\d_{UNSPACED}]+)(?:[-/._·&'+’]?(?:\d+|[^\W\d_{UNSPACED}]+))+")
LONGEST_CHAIN = 6

_stemmer = Stemmer("english", 0)


@dataclass(slots=True)
class Terms:
    """The terms of a text, in order."""

    pairs: list[str]
    single: list[str]
    loose: list[str]


def terms_of(text: str) -> Terms:
    """Every term of a text. A word of more than 40 letters is cut."""
    folded = fold(text)
    terms = Terms([], [], [])
    pairs, single, loose = terms.pairs, terms.single, terms.loose
    for match in RUN.finditer(folded):
        run, number, word = match.groups()
        if run:
            # Kept once, however often they stand there: a long text has millions of them.
            single.extend(map(intern, run))
            pairs.extend(map(intern, map("".join, itertools.pairwise(run)) if len(run) > 1 else run))
        elif number:
            number = number[:LONGEST_WORD]
            single.append(number)
            pairs.append(number)
        else:
            word = word[:LONGEST_WORD]
            single.append(word)
            pairs.append(word)
            stem = stem_of(word)
            if stem != word:
                loose.append(stem)
    for match in CHAIN.finditer(folded):
        loose.extend(joined(match.group()))
    return terms


def joined(chain: str) -> list[str]:
    """What stands together, as one word: the whole chain, and the letters before its first number (GB/T 5606: gbt)."""
    pieces = pieces_of(chain)
    if not 1 < len(pieces) <= LONGEST_CHAIN:
        return []
    whole = ["".join(pieces)[:LONGEST_WORD]]
    letters = next((index for index, piece in enumerate(pieces) if piece.isdigit()), len(pieces))
    return [*whole, "".join(pieces[:letters])] if 1 < letters < len(pieces) else whole


def pieces_of(text: str) -> list[str]:
    """The words, numbers and runs of a folded text, in order."""
    return [match.group()[:LONGEST_WORD] if not match.group(1) else match.group() for match in RUN.finditer(text)]


def is_unspaced(piece: str) -> bool:
    match = RUN.match(piece)
    return match is not None and match.group(1) is not None


@lru_cache(maxsize=65_536)
def stem_of(word: str) -> str:
    """The stem of an English word; any other word as it is."""
    return str(_stemmer.stemWord(word)) if len(word) > 2 and word.isascii() else word
