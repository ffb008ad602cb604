"""The terms of a text that is to be found.

`pairs`: neighbouring characters of a run of Chinese (one alone where the run has but one), and the words and numbers of the rest; what scores.
`single`: each character, word and number in its order; for phrases, and for one character alone.
`loose`: stems of English words, what is written together or with a sign between (8mg, GB/T) as one word, words with the signs that belong to them (C++),
and signs (℃, §).
"""

import itertools
import re
import unicodedata
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
# C++, C#, A+, 3#; not the sign between two words.
SIGNED = re.compile(rf"(?:\d+|[^\W\d_{UNSPACED}]+)(?:\+\+|[+#](?![^\W_{UNSPACED}]))")
_SIGNS = "".join(re.escape(sign) for sign in map(chr, range(0x3300)) if sign in "#%&*@‰§¶†‡•" or unicodedata.category(sign) in {"Sc", "Sm", "So"})
# No punctuation, which nobody looks for.
SIGNS = re.compile(f"[{_SIGNS}\U0001f000-\U0001faff]{{1,3}}")

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
    if "+" in folded or "#" in folded:
        loose.extend(match.group()[-LONGEST_WORD:] for match in SIGNED.finditer(folded))
    loose.extend(signs_of(folded))
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


def signs_of(text: str) -> list[str]:
    """The signs of a folded text that are no punctuation, in order."""
    return list(dict.fromkeys(SIGNS.findall(text)))


def as_one(text: str) -> str:
    """A folded text without spaces and punctuation, as it is compared as a whole: 厂发〔2026〕8号 is 厂发20268号, and C++ is not C. Empty where it is long."""
    kept = "".join(character for character in text if character.isalnum() or SIGNS.match(character))
    return kept if len(kept) <= LONGEST_WORD else ""


def is_unspaced(piece: str) -> bool:
    match = RUN.match(piece)
    return match is not None and match.group(1) is not None


@lru_cache(maxsize=65_536)
def stem_of(word: str) -> str:
    """The stem of an English word; any other word as it is."""
    return str(_stemmer.stemWord(word)) if len(word) > 2 and word.isascii() else word
