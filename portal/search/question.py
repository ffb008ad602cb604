"""What an engine is asked and what it answers, in terms and numbers; no engine's own words, no words of people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

TermField = Literal["pairs", "title", "single", "loose", "names", "whole", "heads", "spelled"]
FACETS = ("kind", "department", "author", "file_type", "year")
Facets = dict[str, list[tuple[str, int]]]


def seconds(moment: datetime) -> int:
    """Since 1970, as engines keep times; what was before is taken for that day."""
    return max(0, int(moment.timestamp()))


class Order(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a field, scored by what it weighs in the text (`portal.search.weights`) times `weight`; in any other field it scores `weight`."""

    field: TermField
    value: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any term of a field that begins so; scores `weight`, however often."""

    field: TermField
    value: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Near:
    """Any term of a field at most one letter (inserted, left out, changed, or two swapped) away; scores `weight`."""

    field: TermField
    value: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that follow each other in `single`; scores `weight`."""

    values: tuple[str, ...]
    weight: float = 1.0


Match = Term | Prefix | Near | Phrase


@dataclass(frozen=True, slots=True)
class Clause:
    """Holds where any of its matches does; the scores of those that do are added."""

    any_of: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """What restricts without scoring. Values of one kind are alternatives; None and empty mean any.

    `tokens` and `level` are what the person stands for (portal.access). `now` is in seconds since 1970: what ends before is left out.
    `after` and `before` are seconds too, the first included, the second not. `without` are keys of things whose entries are being written anew, `entries` the
    only ones that are asked about.
    """

    tokens: tuple[str, ...]
    level: int
    now: int
    kinds: tuple[str, ...] = ()
    departments: tuple[int, ...] = ()
    authors: tuple[int, ...] = ()
    file_types: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    after: int | None = None
    before: int | None = None
    without: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """`least` of the `clauses` must hold (all, where it is None), all that is `required` in any case, and none of `excluded`; `liked` adds to the score alone.

    Without clauses everything that the filters let through is found.
    """

    clauses: tuple[Clause, ...]
    filters: Filters
    required: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    liked: tuple[Match, ...] = ()
    least: int | None = None
    order: Order = Order.RELEVANCE
    limit: int = 20
    offset: int = 0
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry by its id, and how well it fits."""

    entry_id: int
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The page of hits that was asked for, how many entries fit in all, and for each facet the values with their numbers, the most first."""

    hits: list[Hit]
    total: int
    facets: Facets = field(default_factory=dict)


@dataclass(slots=True)
class IndexedPassage:
    """A part of a long text: its id, and its terms."""

    id: int
    pairs: Sequence[str]
    single: Sequence[str]
    loose: Sequence[str]


@dataclass(slots=True)
class IndexedEntry:
    """What an engine keeps of an entry. `key` names the thing that it belongs to; times are seconds since 1970; `passages` only where there are several.

    `whole` is what it is called exactly, `heads` the single characters of its title, `spelled` the title by its sound. Of what fits equally well and
    has no date, the greatest `order` stands first.

    It is found by whoever has a token of `allow`, the level and no token of `deny`; and by whoever has a token of `readers` and the level of those.
    """

    id: int
    version: int
    key: str
    allow: Sequence[str]
    deny: Sequence[str]
    level: int
    kind: str
    departments: Sequence[int]
    department: int
    author: int
    file_type: str
    year: int
    dated_at: int
    ends_at: int
    title: Sequence[str]
    names: Sequence[str]
    pairs: Sequence[str]
    single: Sequence[str]
    loose: Sequence[str]
    passages: Sequence[IndexedPassage] = ()
    readers: Sequence[str] = ()
    readers_level: int = 0
    place: str = ""
    whole: Sequence[str] = ()
    heads: Sequence[str] = ()
    spelled: Sequence[str] = ()
    order: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry that is no more."""

    id: int
    version: int
