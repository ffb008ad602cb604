"""Rights for a time that modules give to people: tokens with days, which become part of what a person stands for."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DatedToken:
    """`token` is held from a day to a day, both included, by someone who is employed; an empty end means until further notice.

    Whoever holds one of the tokens `unless`, those of groups included, does not hold it.
    """

    user_id: int
    token: str
    starts_on: date
    ends_on: date | None
    unless: tuple[str, ...] = ()


Source = Callable[[Collection[int], date], Iterable[DatedToken]]

_sources: list[Source] = []


def register_source(source: Source) -> None:
    """`source(user_ids, day)` gives what these people hold on that day or will later. After a change call `refresh_people`."""
    if source not in _sources:
        _sources.append(source)


def dated_tokens(user_ids: Collection[int], day: date) -> Iterable[DatedToken]:
    for source in _sources:
        yield from source(user_ids, day)
