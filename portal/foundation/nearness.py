"""Which names are nearly the same, so that somebody can be asked: did you mean 操作工?"""

import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeVar

from portal.foundation.names import name_sort_key

Key = TypeVar("Key", bound=Hashable)

MOST_NEAR = 4
SHORTEST_CHANGED = 3
LONGEST_ADDED = 2
LIKE_ENOUGH = 0.84
# Names that differ in these alone are told apart on purpose: 甲班 and 乙班, 一车间 and 二车间, 科长 and 副科长.
TELLING = frozenset("甲乙丙丁戊己庚辛壬癸一二三四五六七八九十百零〇两东西南北中早晚夜新老大小上下左右内外前后正副总高初0123456789")


def near_names(text: str, names: Mapping[Key, Iterable[str]]) -> list[Key]:
    """Those of the keys of which a name is nearly `text` without being it, the nearest first."""
    asked, found = _plain(text), []
    for key, spellings in names.items():
        near = [rank for name in spellings if name and (rank := _rank(asked, _plain(name))) is not None]
        if near:
            found.append((min(near), key))
    return [key for _rank_of, key in sorted(found, key=lambda pair: pair[0])[:MOST_NEAR]]


def _rank(one: str, other: str) -> float | None:
    """Nought for what sounds the same, larger for what is further off; None for what is the same, or something else."""
    if not one or not other or one == other:
        return None
    if one.isascii() or other.isascii():
        likeness = SequenceMatcher(None, one, other).ratio() if one.isascii() and other.isascii() and not _tells(one, other) else 0
        return 2 - likeness if likeness >= LIKE_ENOUGH else None
    if len(one) > 1 and _sound(one) == _sound(other) and not _tells(one, other):
        return 0
    shorter, longer = sorted((one, other), key=len)
    added = len(longer) - len(shorter)
    if added == 0:
        changed = [(first, second) for first, second in zip(one, other, strict=True) if first != second]
        is_near = len(one) >= SHORTEST_CHANGED and len(changed) == 1 and not _tells(one, other)
        return 1 if is_near else None
    is_part = len(shorter) > 1 and added <= LONGEST_ADDED and (longer.startswith(shorter) or longer.endswith(shorter))
    return 1 + added / 10 if is_part and not _tells(one, other) else None


def _tells(one: str, other: str) -> bool:
    """Whether what differs is there to tell names apart."""
    changed: list[str] = []
    for tag, start, end, start_other, end_other in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag != "equal":
            changed += [*one[start:end], *other[start_other:end_other]]
    return any(sign in TELLING for sign in changed)


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())


@lru_cache(maxsize=8_192)
def _sound(text: str) -> str:
    return name_sort_key(text)
