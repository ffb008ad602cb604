"""Which article of a policy became which: the comparison table (修订对照表) between two versions.

An inserted article changes the number of every later one, so articles are paired by what they say, not by their numbers.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from knowledge.clauses import Clause

LEAST_ALIKE = 0.5  # of two articles of one number
LEAST_LIKELY = 0.42  # of two others
HELD = 0.8
SAME_LABEL, IN_ORDER = 0.12, 0.06


class Change(StrEnum):
    SAME = "same"
    RENUMBERED = "renumbered"
    MOVED = "moved"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Pair:
    """`before` and `after` are places in the two versions; None where there is no counterpart."""

    before: int | None
    after: int | None
    change: Change


def pair(before: Sequence[Clause], after: Sequence[Clause], given: Mapping[int, int | None] | None = None) -> list[Pair]:
    """The pairs in the order of the new version, each that was removed after the one that it stood behind.

    `given` are pairs that a person has set: {new: old or None}.
    """
    found = dict(given or {})
    _pair_equal(before, after, found)
    _pair_alike(before, after, found)
    order = {new: old for new, old in found.items() if old is not None}
    moved = _moved([(order[new], new) for new in sorted(order)])
    pairs = []
    for new, clause in enumerate(after):
        old = order.get(new)
        if old is None:
            pairs.append(Pair(None, new, Change.ADDED))
        elif before[old].plain != clause.plain:
            pairs.append(Pair(old, new, Change.CHANGED))
        elif new in moved:
            pairs.append(Pair(old, new, Change.MOVED))
        else:
            pairs.append(Pair(old, new, Change.SAME if before[old].label == clause.label else Change.RENUMBERED))
    return _with_removed(pairs, len(before))


def pairs_of_characters(text: str) -> frozenset[str]:
    return frozenset(first + second for first, second in pairwise(text)) or frozenset([text])


def _pair_equal(before: Sequence[Clause], after: Sequence[Clause], found: dict[int, int | None]) -> None:
    """What says the same. Of several that say the same, those of one number, then the rest in their order where both versions have as many of them."""
    olds, news = _places(before, {old for old in found.values() if old is not None}), _places(after, set(found))
    for text, places in news.items():
        candidates = olds.get(text, [])
        by_label = {before[old].label: old for old in candidates}
        for new in list(places):
            old = by_label.get(after[new].label)
            if old in candidates and (len(places) > 1 or len(candidates) > 1):
                found[new] = old
                places.remove(new)
                candidates.remove(old)
        if len(places) == len(candidates):
            found.update(zip(places, candidates, strict=True))


def _places(clauses: Sequence[Clause], taken: set[int]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, clause in enumerate(clauses):
        if place not in taken:
            places[clause.plain].append(place)
    return places


def _pair_alike(before: Sequence[Clause], after: Sequence[Clause], found: dict[int, int | None]) -> None:
    """What says much the same, the most alike first; a number or a place in common counts a little."""
    taken = {old for old in found.values() if old is not None}
    olds = {place: pairs_of_characters(clause.plain) for place, clause in enumerate(before) if place not in taken}
    news = {place: pairs_of_characters(clause.plain) for place, clause in enumerate(after) if place not in found}
    standing_in = defaultdict(list)
    for old, words in olds.items():
        for word in words:
            standing_in[word].append(old)
    anchors = sorted((new, old) for new, old in found.items() if old is not None)
    likely = []
    for new, words in news.items():
        low, high = _between(anchors, new, len(before))
        common: Counter[int] = Counter()
        for word in words:
            common.update(standing_in.get(word, ()))
        for old, number in common.items():
            same_label = before[old].label == after[new].label
            score = 2 * number / (len(words) + len(olds[old]))
            if same_label:  # what was said more fully holds most of what it was
                score = max(score, HELD * number / min(len(words), len(olds[old])))
            if before[old].kind == after[new].kind and score >= (LEAST_ALIKE if same_label else LEAST_LIKELY):
                likely.append((score + SAME_LABEL * same_label + IN_ORDER * (low < old < high), -abs(old - new), old, new))
    for _score, _distance, old, new in sorted(likely, reverse=True):
        if new not in found and old in olds:
            found[new] = old
            del olds[old]


def _between(anchors: Sequence[tuple[int, int]], new: int, number: int) -> tuple[int, int]:
    """The old places between which a new one would stand, had nothing been moved."""
    place = bisect_left(anchors, (new, -1))
    return (anchors[place - 1][1] if place else -1), (anchors[place][1] if place < len(anchors) else number)


def _moved(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """The new places of what stands elsewhere among the others: what is not in every longest run of pairs that kept their order."""
    olds = [old for old, _new in pairs]
    ending = _lengths(olds)
    starting = _lengths([-old for old in reversed(olds)])[::-1]
    longest = max(ending, default=0)
    in_some = [first + last - 1 == longest for first, last in zip(ending, starting, strict=True)]
    at_length = Counter(length for length, is_in in zip(ending, in_some, strict=True) if is_in)
    return {new for (_old, new), length, is_in in zip(pairs, ending, in_some, strict=True) if not is_in or at_length[length] > 1}


def _lengths(numbers: Sequence[int]) -> list[int]:
    """For each, the length of the longest rising run that ends there."""
    ends: list[int] = []
    lengths = []
    for number in numbers:
        place = bisect_left(ends, number)
        ends[place : place + 1] = [number]
        lengths.append(place + 1)
    return lengths


def _with_removed(pairs: list[Pair], number: int) -> list[Pair]:
    """Each that was removed, behind the one that it stood behind."""
    kept = {one.before for one in pairs if one.before is not None}
    behind: dict[int, list[Pair]] = defaultdict(list)
    last = -1
    for old in range(number):
        if old in kept:
            last = old
        else:
            behind[last].append(Pair(old, None, Change.REMOVED))
    made = list(behind[-1])
    for one in pairs:
        made.append(one)
        if one.before is not None:
            made.extend(behind[one.before])
    return made
