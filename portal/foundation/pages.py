"""Pages of lists that are too long to be counted each time."""

from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

HIGHEST_PAGE = 100_000


class UncountedPaginator(Paginator):  # type: ignore[type-arg]
    """There is a next page or there is not: counting everything would cost more than showing a page. `count` is None unless a page happens to tell."""

    is_uncounted = True

    @cached_property
    def count(self) -> Any:
        return None

    @cached_property
    def num_pages(self) -> int:
        return 1

    def get_page(self, number: Any) -> Page[Any]:
        """The page that was asked for; the first for anything that is none."""
        wanted = int(number) if str(number).isdecimal() and len(str(number)) < 8 else 1
        wanted = min(max(wanted, 1), HIGHEST_PAGE)
        rows = self._rows(wanted)
        if not rows and wanted > 1:
            wanted, rows = 1, self._rows(1)
        has_more = len(rows) > self.per_page
        self.num_pages = wanted + has_more
        if not has_more:
            self.count = (wanted - 1) * self.per_page + len(rows)
        return Page(rows[: self.per_page], wanted, self)

    def _rows(self, number: int) -> list[Any]:
        first = (number - 1) * self.per_page
        return list(self.object_list[first : first + self.per_page + 1])
