"""Pages of lists that are too long to be counted each time."""

from collections.abc import Sequence
from typing import Any, Protocol

from django.core.paginator import Page, Paginator

HIGHEST_PAGE = 100_000


class Sliced(Protocol):
    def __getitem__(self, part: slice, /) -> Sequence[Any]: ...


class SlidingPaginator(Paginator):  # type: ignore[type-arg]
    """Asks for one page and nothing else: there is a next one or there is not.

    Where the list knows its `total` once it was sliced (of at most `most_counted`), pages are numbered to the last one; else `count` is None and
    `is_uncounted` holds.
    """

    is_uncounted = False

    def __init__(self, rows: Sliced, per_page: int) -> None:
        super().__init__(rows, per_page)  # type: ignore[arg-type]  # only ever sliced

    def get_page(self, number: Any) -> Page[Any]:
        """The page that was asked for; the first for anything that is none."""
        wanted = int(number) if str(number).isdecimal() and len(str(number)) < 8 else 1
        wanted = min(max(wanted, 1), HIGHEST_PAGE)
        rows = self._rows(wanted)
        if not rows and wanted > 1:
            wanted, rows = 1, self._rows(1)
        has_more = len(rows) > self.per_page
        total = getattr(self.object_list, "total", None)
        if total is not None and total > getattr(self.object_list, "most_counted", total):
            total = None
        if total is None and not has_more:
            total = (wanted - 1) * self.per_page + len(rows)
        self.is_uncounted = total is None
        self.count = total  # type: ignore[assignment]  # a cached property, set instead of asked
        self.num_pages = wanted + has_more if total is None else max(1, -(-total // self.per_page))
        return Page(rows[: self.per_page], wanted, self)

    def _rows(self, number: int) -> list[Any]:
        first = (number - 1) * self.per_page
        return list(self.object_list[first : first + self.per_page + 1])
