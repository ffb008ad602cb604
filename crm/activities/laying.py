"""Laying visits on days: by the line, no more on a day than its measure, as evenly as it goes. Pure."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit to be laid: between which days, and its place in the line."""

    key: int
    first: date
    last: date
    place: tuple[int, ...] = ()


def lay(stops: Sequence[Stop], days: Sequence[date], measure: int, taken: Mapping[date, int]) -> dict[int, date]:
    """The day of each; what is not in it does not fit. `taken` is how many visits a day has already.

    As many as can be are laid: on each day those come first whose window ends first, which is the best that can be done. Of all measures that lay so many the
    smallest is taken, so that the days of a week are alike; within a window they follow the line.
    """
    best = _laid(stops, days, measure, taken)
    least, greatest = 1, measure
    while least < greatest:
        middle = (least + greatest) // 2
        tried = _laid(stops, days, middle, taken)
        if len(tried) == len(best):
            best, greatest = tried, middle
        else:
            least = middle + 1
    return best


def _laid(stops: Sequence[Stop], days: Sequence[date], measure: int, taken: Mapping[date, int]) -> dict[int, date]:
    coming = sorted(stops, key=lambda stop: stop.first, reverse=True)
    waiting: list[tuple[date, tuple[int, ...], int]] = []
    found: dict[int, date] = {}
    for day in sorted(days):
        while coming and coming[-1].first <= day:
            stop = coming.pop()
            heapq.heappush(waiting, (stop.last, stop.place, stop.key))
        room = measure - taken.get(day, 0)
        while waiting and room > 0:
            last, _place, key = heapq.heappop(waiting)
            if last >= day:
                found[key] = day
                room -= 1
    return found
