"""How people ask: 体检什么时候 means 体检. What only asks is not looked for, as texts that answer do not say it; unless nothing else was typed."""

import re
from collections.abc import Sequence

from portal.search.analysis.folding import UNSPACED

# With 的 behind: 硕塞是谁的儿子 asks for 硕塞 and 儿子.
ASKING = re.compile(
    "(?:请问|请教|想知道|[是在]{0,2}什么(?:时候|时间|地方)|为什么|什么是|什么叫做|什么叫|[又也]?(?:指的是|是指|叫做|称为|被称为|[是指叫称])什么|什么|怎么办|怎么样|怎么|怎样|如何"
    "|在哪里|哪里|在哪儿|哪儿|有哪些|哪些|哪个|哪天|有没有|多少|谁是|是谁|谁)(?:的(?![士确]))?|[吗呢]$"
)
OF = re.compile(r"的(?![士确]).")
ASKING_IN_ENGLISH = frozenset({"how", "what", "when", "where", "who", "why", "is", "are", "do", "does", "the", "of", "to", "for"})
# Alone they say nothing.
SMALL_WORDS = frozenset("的了是在有和与及就都而又也还吧啊被把对从到于之其这那个一不上下中")
ALONE = re.compile(rf"[{UNSPACED}]")
ENDS = "?？。！!,，、；;"


def without_asking(words: Sequence[str]) -> list[str]:
    """Folded words without those that ask. What is left of a word as one character (怎么请: 请) goes with them, where anything else is left."""
    meant, alone = _pieces(words)
    return meant or alone or list(words)


def left_alone(words: Sequence[str]) -> list[str]:
    """The characters that are left of words beside others: 茶 of 茶是什么时候传入日本的. Some say what is meant, so they count, and nothing requires them."""
    meant, alone = _pieces(words)
    return [character for character in alone if character not in SMALL_WORDS] if meant else []


def _pieces(words: Sequence[str]) -> tuple[list[str], list[str]]:
    meant: list[str] = []
    alone: list[str] = []
    for word in (word.strip(ENDS) for word in words):
        pieces = [piece for piece in ASKING.split(word) if piece]
        is_cut = pieces != [word]
        for piece in pieces:
            piece = piece[1:] if OF.match(piece) else piece
            if is_cut and ALONE.fullmatch(piece):
                alone.append(piece)
            elif piece not in ASKING_IN_ENGLISH:
                meant.append(piece)
    return meant, alone
