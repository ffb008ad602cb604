"""Who is held out for comparison: drawn by a seed, the same for the same customers in whatever order they are given. Pure."""

import hashlib
from collections.abc import Collection


def place_of(seed: int, key: int) -> str:
    return hashlib.sha256(f"{seed}:{key}".encode()).hexdigest()


def draw(keys: Collection[int], *, percent: int, seed: int) -> set[int]:
    """So many in a hundred of them, to the nearest whole."""
    number = (len(keys) * percent + 50) // 100
    return set(sorted(keys, key=lambda key: place_of(seed, key))[:number])
