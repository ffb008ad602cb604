"""Whole units by weights, by the divisor method of Sainte-Laguë; pure.

A divisor method, for with it a larger plan gives nobody less, and somebody new takes from all alike; the largest remainder keeps neither. Of the
divisor methods the one that favours neither large nor small departments.
"""

from collections.abc import Sequence
from heapq import heapify, heapreplace


def divide(total: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers that add up to `total`. Of equal claims the earlier one is served first; nought gets nought."""
    if total < 0 or any(weight < 0 for weight in weights):
        raise ValueError("nothing below nought is divided")
    whole = sum(weights)
    if not whole:
        raise ValueError("there are no weights")
    least = max(0, 2 * total - len(weights))  # half a unit each may be lost by rounding, no more: nobody gets less than by this
    given = [least * weight // (2 * whole) for weight in weights]
    claims = [_Claim(2 * given[place] + 1, weight, place) for place, weight in enumerate(weights) if weight]
    heapify(claims)
    for _turn in range(total - sum(given)):
        first = claims[0]
        given[first.place] += 1
        heapreplace(claims, _Claim(2 * given[first.place] + 1, first.weight, first.place))
    return given


class _Claim:
    """Weight over the next odd number: the greatest is served next."""

    __slots__ = ("odd", "place", "weight")

    def __init__(self, odd: int, weight: int, place: int) -> None:
        self.odd, self.weight, self.place = odd, weight, place

    def __lt__(self, other: "_Claim") -> bool:
        left, right = self.weight * other.odd, other.weight * self.odd
        return left > right or (left == right and self.place < other.place)
