"""The categories as a tree, read by one query: a plant has some dozens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from knowledge.models import ArticleCategory
from portal.foundation.kept import Kept

BETWEEN = " / "
# Of a page Wagtail keeps some thirty columns more, which a tree needs none of.
SHOWN = ("path", "depth", "title", "name_en", "description", "order", "keepers__name", "keepers__name_en")


@dataclass
class Tree:
    """`rows` in the order of the tree, neighbours by their order and name."""

    rows: list[ArticleCategory]
    parents: dict[int, int | None] = field(default_factory=dict)

    @cached_property
    def by_pk(self) -> dict[int, ArticleCategory]:
        return {row.pk: row for row in self.rows}

    def above(self, pk: int) -> list[ArticleCategory]:
        """Those above it, from the top, and itself."""
        found: list[ArticleCategory] = []
        here: int | None = pk
        while here is not None:
            found.append(self.by_pk[here])
            here = self.parents[here]
        return found[::-1]

    def top(self, pk: int) -> int:
        return self._tops[pk]

    @cached_property
    def _tops(self) -> dict[int, int]:
        return {row.pk: self.above(row.pk)[0].pk for row in self.rows}

    def children(self, pk: int | None) -> list[ArticleCategory]:
        return [row for row in self.rows if self.parents[row.pk] == pk]

    def below(self, pk: int) -> list[int]:
        """Itself and those below."""
        return [row.pk for row in self.rows if row.path.startswith(self.by_pk[pk].path)]

    def label(self, pk: int) -> str:
        return BETWEEN.join(row.label for row in self.above(pk))

    def level(self, pk: int) -> int:
        return len(self.above(pk))


def read_tree() -> Tree:
    """Shared by all who ask, so nobody changes it."""
    return _kept.get()


def _read() -> Tree:
    rows = list(ArticleCategory.objects.select_related("keepers").only(*SHOWN).order_by("path"))
    by_path = {row.path: row for row in rows}
    parents: dict[int, int | None] = {}
    for row in rows:
        parent = by_path.get(row.path[: -ArticleCategory.steplen])
        parents[row.pk] = parent.pk if parent is not None else None
    return Tree(list(_in_order(rows, parents, None)), parents)


def _in_order(rows: list[ArticleCategory], parents: dict[int, int | None], parent: int | None) -> Iterator[ArticleCategory]:
    def place(row: ArticleCategory) -> tuple[Any, ...]:
        return row.order, row.path

    for row in sorted((row for row in rows if parents[row.pk] == parent), key=place):
        yield row
        yield from _in_order(rows, parents, row.pk)


_kept = Kept(
    _read,
    """knowledge_articlecategory category JOIN wagtailcore_page page ON page.id = category.page_ptr_id
        LEFT JOIN organization_duty duty ON duty.id = category.keepers_id""",
    "category",
    "page",
    "duty",
)
