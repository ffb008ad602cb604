"""What every engine does. The same feed and the same question give the same hits in each; tests/search/contract.py holds them to it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext_lazy as _

from portal.search.question import Answer, Clause, Gone, IndexedEntry, Question
from portal.search.weights import Rarities

Change = IndexedEntry | Gone
NO_INDEX = _("there is no index yet")
BITS_OF_ORDER, BITS_OF_DATES, BITS_OF_IDS = 29, 35, 28


class EngineAwayError(Exception):
    """The engine cannot answer now: its server is away, or there is no index yet. What was to be written waits in the feed."""


class IndexMissingError(EngineAwayError):
    """There is no index, or one that cannot be used: damaged, of another feed, or made by another analysis. It has to be rebuilt."""


class ChangeRefusedError(Exception):
    """The engine does not take one of these entries, whatever else it takes."""


def freshness(entry: IndexedEntry) -> float:
    """Scores are multiplied by log2(2 + this): what fits equally well stands with the newest first, a year counts for 1 in 4,000.

    What has no date stands behind, by its `order`.
    """
    return entry.dated_at / 1e11 if entry.dated_at else _order(entry) / 2**BITS_OF_ORDER / 200


def newest(entry: IndexedEntry) -> int:
    """By this things are ordered where nothing else does: by date (what has none by its `order`, behind), and of one date the last one made first."""
    return min(entry.dated_at or _order(entry), 2**BITS_OF_DATES - 1) << BITS_OF_IDS | entry.id % 2**BITS_OF_IDS


def _order(entry: IndexedEntry) -> int:
    return min(entry.order, 2**BITS_OF_ORDER - 1)


@dataclass(frozen=True, slots=True)
class IndexState:
    """`cursor` is the version of the feed up to which the index has followed; `entries` how many it holds."""

    cursor: int
    entries: int


class Rebuild(Protocol):
    """An index that is being made beside the one in use. `refused` are the ids of entries that it does not take, with the reason."""

    refused: dict[int, str]

    def write(self, changes: Iterable[Change]) -> None:
        """Add entries, or write them anew; of one that is refused nothing is kept."""

    def finish(self, cursor: int) -> None:
        """Put it in the place of the one in use, in one step, and let that go. Without this call nothing has happened."""


class Engine(Protocol):
    """One index. All methods raise EngineAwayError where it cannot be reached, and IndexMissingError where it has to be rebuilt."""

    name: str

    def state(self) -> IndexState: ...

    def verify(self) -> None:
        """Raises IndexMissingError where what is kept is not what was written. Quick where nothing has changed; nobody writes meanwhile."""

    def clear(self) -> None:
        """Remove what rebuilds that died have left. Nobody makes an index meanwhile."""

    def write(self, changes: Iterable[Change], *, cursor: int) -> None:
        """Write these entries, in the order of their versions; when this returns, every reader in every process finds them, and `state` knows the cursor.

        A version that is older than the one that is kept is ignored. Killed in between, nothing or all is kept, or writing it again does no harm.
        Raises ChangeRefusedError where one of them cannot be taken; then some of them may have been written, and the cursor is the one before.
        """

    def rebuild(self) -> AbstractContextManager[Rebuild]:
        """Begin an index beside the one in use. Left without `finish`, it is thrown away."""

    def search(self, question: Question) -> Answer:
        """Ordered by the scores that `portal.search.weights` gives, times `freshness`, then by `newest`."""

    def best_passages(self, entry_ids: Sequence[int], clauses: Sequence[Clause]) -> dict[int, int]:
        """For each of these entries that has passages, the id of the one in which most of the clauses hold best; none where none does."""

    def rarities(self, values: Sequence[str]) -> Rarities:
        """In how many of the texts that everybody may see each of these words and characters stands."""

    def versions(self) -> Iterator[tuple[int, int]]:
        """(id, version) of every entry that the index holds."""

    def explain(self, question: Question, entry_id: int) -> dict[str, Any]:
        """How the score of an entry came about, in the engine's own words; empty where it does not fit."""

    def destroy(self) -> None:
        """Remove the index; after a restore, and in tests."""
