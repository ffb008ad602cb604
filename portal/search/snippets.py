"""A passage of the original text around what was looked for, in pieces that are marked or not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from portal.search.analysis.asking import Marks
from portal.search.analysis.folding import UNSPACED, fold
from portal.search.analysis.terms import RUN, is_unspaced, stem_of

LENGTH = 130
BEFORE = 24
LONGEST_READ = 20_000
MOST_SPANS = 200

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_marked: bool = False


def marked(text: str, marks: Marks) -> list[Piece]:
    """The whole text, with what was looked for marked."""
    return _pieces(text, _spans(text, marks), 0, len(text))


def snippet(text: str, marks: Marks, *, length: int = LENGTH) -> list[Piece]:
    """The stretch in which most of what was looked for stands together; the beginning where nothing of it does. Line breaks become spaces."""
    text = text[:LONGEST_READ]
    spans = _spans(text, marks)
    start = _best_start(text, spans, length) if spans else 0
    end = min(len(text), start + length)
    pieces = _pieces(text, spans, start, end)
    if start > 0:
        pieces.insert(0, Piece("…"))
    if end < len(text):
        pieces.append(Piece("…"))
    return [Piece(" ".join(piece.text.split("\n")), piece.is_marked) for piece in pieces]


def _spans(text: str, marks: Marks) -> list[Span]:
    """Where it stands, in order, those that touch joined."""
    folded = fold(text)
    found: list[Span] = []
    for run in marks.runs:
        at = folded.find(run)
        while at >= 0 and len(found) < MOST_SPANS:
            found.append((at, at + len(run)))
            at = folded.find(run, at + 1)
    for pieces in marks.together:
        found += [match.span() for match in islice(_beside_each_other(pieces).finditer(folded), MOST_SPANS)]
    if marks.words or marks.beginnings:
        found += [match.span() for match in RUN.finditer(folded) if not match.group(1) and _is_meant(match.group(), marks)]
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


@lru_cache(maxsize=1_000)
def _beside_each_other(pieces: tuple[str, ...]) -> re.Pattern[str]:
    """Nothing but spaces and a sign or two between them, and no letter or number of the same word before or behind."""
    before, behind = (rf"(?<![^\W{UNSPACED}])" if not is_unspaced(pieces[0]) else ""), (rf"(?![^\W{UNSPACED}])" if not is_unspaced(pieces[-1]) else "")
    return re.compile(before + r"[\W_]{0,3}".join(map(re.escape, pieces)) + behind)


def _is_meant(word: str, marks: Marks) -> bool:
    if word in marks.words or stem_of(word) in marks.words or any(word.startswith(beginning) for beginning in marks.beginnings):
        return True
    return marks.is_forgiving and len(word) > 2 and any(_is_near(word, meant) for meant in marks.words if len(meant) > 2)


def _is_near(word: str, other: str) -> bool:
    """At most one letter inserted, left out or changed, or two neighbours swapped."""
    if abs(len(word) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(word), len(other)) and word[start] == other[start]:
        start += 1
    rest, other_rest = word[start:], other[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:]
    return rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:] or swapped == other_rest


def _best_start(text: str, spans: Sequence[Span], length: int) -> int:
    """A little before the window that covers the greatest length of different marks, moved to the beginning of a sentence where one is near."""
    best, best_weight = 0, -1
    for index, (start, _end) in enumerate(spans[:60]):
        inside = {text[first:last] for first, last in spans[index : index + 40] if last <= start + length - BEFORE}
        weight = sum(map(len, inside))
        if weight > best_weight:
            best, best_weight = start, weight
    begin = max(0, best - BEFORE)
    for sign in "。！？；\n.!?;":
        at = text.rfind(sign, begin, best)
        if at >= 0:
            return min(at + 1, best)
    return begin if begin else 0


def _pieces(text: str, spans: Sequence[Span], start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    place = start
    for first, last in spans:
        first, last = max(first, start), min(last, end)
        if first >= last:
            continue
        if first > place:
            pieces.append(Piece(text[place:first]))
        pieces.append(Piece(text[first:last], is_marked=True))
        place = last
    if place < end:
        pieces.append(Piece(text[place:end]))
    return pieces
