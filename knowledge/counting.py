"""The map: how many articles of each category each department answers for, of those that a person may see."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from knowledge.models import Article, ArticleCategory
from knowledge.tree import Tree, read_tree
from portal.access.visibility import audience_ids_of
from portal.organization.models import Department

STEPS = (8, 20, 45)
MOST_COLUMNS = 10


@dataclass(slots=True)
class Cell:
    number: int = 0
    overdue: int = 0

    def add(self, number: int, overdue: int) -> None:
        self.number += number
        self.overdue += overdue

    @property
    def shade(self) -> int:
        """How dark it is drawn, 0 to 4."""
        return 0 if not self.number else 1 + sum(self.number >= step for step in STEPS)


@dataclass(slots=True)
class Line:
    category: ArticleCategory
    cells: list[tuple[Department, Cell]]
    total: Cell = field(default_factory=Cell)


@dataclass(slots=True)
class Map:
    departments: list[Department]
    lines: list[Line]
    totals: list[Cell]
    total: Cell


def read_map(user: Any) -> Map:
    """Two queries and the two trees, whatever stands in the base."""
    counts = count_shown(user)
    tree = read_tree()
    tops, order = _tops_of_departments()
    by_cell: dict[tuple[int, int], Cell] = defaultdict(Cell)
    columns: dict[int, Cell] = defaultdict(Cell)
    for category_id, department_id, number, overdue in counts:
        column = tops.get(department_id)
        if column is None or category_id not in tree.by_pk:
            continue
        by_cell[tree.top(category_id), column].add(number, overdue)
        columns[column].add(number, overdue)
    shown = _shown_columns(columns, order)
    total = Cell()
    for cell in columns.values():
        total.add(cell.number, cell.overdue)
    departments = [order[pk] for pk in shown]
    return Map(departments, _lines(tree, by_cell, departments, list(columns)), [columns[pk] for pk in shown], total)


def count_shown(user: Any) -> list[tuple[int, int, int, int]]:
    """(category, department, how many, how many of them overdue for review), of what this person may read."""
    overdue = Count("pk", filter=Q(review_due_on__lt=timezone.localdate()))
    rows = Article.objects.filter(is_shown=True, audience__any=audience_ids_of(user)).order_by()
    return [(*key, number, late) for *key, number, late in rows.values_list("category", "department").annotate(number=Count("pk"), late=overdue)]  # type: ignore[misc]


def _lines(tree: Tree, by_cell: dict[tuple[int, int], Cell], shown: list[Department], all_columns: list[int]) -> list[Line]:
    lines = []
    for category in tree.children(None):
        line = Line(category, [(department, by_cell.get((category.pk, department.pk), Cell())) for department in shown])
        for column in all_columns:
            cell = by_cell.get((category.pk, column))
            if cell is not None:
                line.total.add(cell.number, cell.overdue)
        lines.append(line)
    return lines


def _shown_columns(columns: dict[int, Cell], order: dict[int, Department]) -> list[int]:
    """Those with the most, in the order of the plant."""
    most = sorted(columns, key=lambda pk: -columns[pk].number)[:MOST_COLUMNS]
    return [pk for pk in order if pk in most]


def _tops_of_departments() -> tuple[dict[int, int], dict[int, Department]]:
    """Each department's ancestor that has a column: a department right below the plant, or the plant itself. And those, in the order of the tree."""
    rows = list(Department.objects.in_tree_order().only("pk", "path", "name", "name_en", "parent_id"))
    by_pk = {row.pk: row for row in rows}
    roots = {row.pk for row in rows if row.parent_id is None}
    tops: dict[int, int] = {}
    for row in rows:
        here = row
        while here.parent_id is not None and here.parent_id not in roots:
            here = by_pk[here.parent_id]
        tops[row.pk] = here.pk
    used = set(tops.values())
    return tops, {row.pk: row for row in rows if row.pk in used}
