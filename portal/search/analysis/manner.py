"""How people ask: 体检什么时候 means 体检. What only asks is not looked for, as texts that answer do not say it; unless nothing else was typed."""

import re
from collections.abc import Sequence

from portal.search.analysis.folding import UNSPACED

ASKING = re.compile(
    "请问|请教|想知道|什么时候|什么时间|什么地方|为什么|是什么|什么|怎么办|怎么样|怎么|怎样|如何|在哪里|哪里|在哪儿|哪儿|有哪些|哪些|哪个|哪天|有没有|多少|谁是|是谁|谁"
    "|[吗呢]$"
)
ASKING_IN_ENGLISH = frozenset({"how", "what", "when", "where", "who", "why", "is", "are", "do", "does", "the", "of", "to", "for"})
ALONE = re.compile(rf"[{UNSPACED}]")
ENDS = "?？。！!,，"


def without_asking(words: Sequence[str]) -> list[str]:
    """Folded words without those that ask. What is left of a word as one character (怎么请: 请) goes with them."""
    meant: list[str] = []
    for word in words:
        pieces = [piece for piece in ASKING.split(word.rstrip(ENDS)) if piece]
        is_cut = pieces != [word.rstrip(ENDS)]
        meant += [piece for piece in pieces if not (is_cut and ALONE.fullmatch(piece)) and piece not in ASKING_IN_ENGLISH]
    return meant or list(words)
