"""The front of the base: its map (how many articles of each category each department answers for), what is new, what is due, what was of use.

All of what a person may see, by one statement; the tree of categories is kept.
"""

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from knowledge.models import ArticleCategory
from knowledge.models.articles import SOON
from knowledge.tree import Tree, read_tree
from portal.access.standings import standing_of
from portal.access.visibility import AUDIENCES_NAMED, remember_audiences
from portal.foundation.language import is_chinese

STEPS = (8, 20, 45)
MOST_COLUMNS = 10
MOST = 6
USEFUL_DAYS = timedelta(days=30)
LEAST_SAID = 3

# What a person may read; drafts and what is withdrawn are for the desk.
READABLE = "article.is_shown AND article.audience_id = ANY(ARRAY(SELECT id FROM mine))"
# Chosen along an index before anything is joined to it.
ROW = "page.id, page.title, article.category_id, department.name, department.name_en, position.name, position.name_en"
JOINED = """JOIN knowledge_article article ON article.page_ptr_id = chosen.page_ptr_id JOIN wagtailcore_page page ON page.id = chosen.page_ptr_id
    JOIN organization_department department ON department.id = article.department_id
    LEFT JOIN organization_position position ON position.id = article.owner_position_id"""
FRONT = f"""
    WITH mine AS MATERIALIZED ({AUDIENCES_NAMED}),
    counted AS (
        SELECT category_id, department_id, count(*) AS number, count(*) FILTER (WHERE review_due_on < %(today)s) AS overdue
        FROM knowledge_article article WHERE {READABLE} GROUP BY category_id, department_id
    ),
    tops AS MATERIALIZED (
        SELECT category.page_ptr_id AS id, top.id AS top_id FROM knowledge_articlecategory category
        JOIN wagtailcore_page page ON page.id = category.page_ptr_id JOIN wagtailcore_page top ON top.path = left(page.path, %(length)s)
    ),
    columns AS MATERIALIZED (
        SELECT id, coalesce(nullif(split_part(path, '/', 2), ''), split_part(path, '/', 1))::bigint AS column_id FROM organization_department
    ),
    cells AS MATERIALIZED (
        SELECT top_id, column_id, sum(number) AS number, sum(overdue) AS overdue
        FROM counted JOIN tops ON tops.id = category_id JOIN columns ON columns.id = department_id GROUP BY top_id, column_id
    ),
    newest AS (
        SELECT page_ptr_id, published_at FROM knowledge_article article WHERE {READABLE} ORDER BY published_at DESC, page_ptr_id DESC LIMIT {MOST}
    ),
    due AS (
        SELECT page_ptr_id, review_due_on FROM knowledge_article article WHERE {READABLE} AND review_due_on <= %(soon)s
        ORDER BY review_due_on, page_ptr_id LIMIT {MOST}
    ),
    useful AS (
        SELECT article_id AS page_ptr_id, count(*) AS said, count(*) FILTER (WHERE is_useful) AS useful
        FROM knowledge_usefulness said JOIN knowledge_article article ON article.page_ptr_id = article_id
        WHERE said_at >= %(since)s AND {READABLE} GROUP BY article_id HAVING count(*) >= {LEAST_SAID} ORDER BY 3 DESC, 1 LIMIT {MOST}
    )
    SELECT 'mine', NULL::bigint, NULL, NULL::bigint, NULL, NULL, NULL, NULL, string_agg(id::text, ','), NULL::float8, NULL::bigint FROM mine
    UNION ALL SELECT 'cells', NULL, NULL, NULL, NULL, NULL, NULL, NULL, json_agg(json_build_array(top_id, column_id, number, overdue))::text, NULL, NULL
        FROM cells
    UNION ALL SELECT 'column', id, NULL, NULL, name, name_en, path, NULL, NULL, NULL, NULL
        FROM organization_department WHERE id IN (SELECT column_id FROM cells)
    UNION ALL SELECT 'newest', {ROW}, NULL, extract(epoch FROM chosen.published_at)::float8, NULL FROM newest chosen {JOINED}
    UNION ALL SELECT 'due', {ROW}, chosen.review_due_on::text, NULL, NULL FROM due chosen {JOINED}
    UNION ALL SELECT 'useful', {ROW}, NULL, chosen.said, chosen.useful FROM useful chosen {JOINED}
"""  # noqa: S608  # constants


@dataclass(frozen=True, slots=True)
class Column:
    """A department right below the plant, or the plant itself, with all below it."""

    pk: int
    label: str


@dataclass(slots=True)
class Cell:
    number: int = 0
    overdue: int = 0

    def add(self, other: "Cell") -> None:
        self.number += other.number
        self.overdue += other.overdue

    @property
    def shade(self) -> int:
        """How dark it is drawn, 0 to 4."""
        return 0 if not self.number else 1 + sum(self.number >= step for step in STEPS)


@dataclass(slots=True)
class Line:
    category: ArticleCategory
    cells: list[tuple[Column, Cell]]
    total: Cell = field(default_factory=Cell)


@dataclass(slots=True)
class Map:
    departments: list[Column]
    lines: list[Line]
    totals: list[Cell]
    total: Cell


@dataclass(slots=True)
class Shown:
    """An article as a line of one of the lists beside the map."""

    pk: int
    title: str
    category: str
    department: str
    answers: str
    published_at: datetime | None = None
    review_due_on: date | None = None
    said: int = 0
    percent: int = 0

    def is_overdue(self, today: date) -> bool:
        return self.review_due_on is not None and self.review_due_on < today


@dataclass(slots=True)
class Front:
    map: Map
    newest: list[Shown]
    due: list[Shown]
    useful: list[Shown]


def read_map(user: Any) -> Map:
    return read_front(user).map


def read_front(user: Any) -> Front:
    standing, today, tree = standing_of(user), timezone.localdate(), read_tree()
    parameters: dict[str, Any] = {
        "tokens": standing.tokens,
        "level": standing.level,
        "today": today,
        "soon": today + SOON,
        "since": timezone.now() - USEFUL_DAYS,
        "length": len(tree.rows[0].path) if tree.rows else 0,
    }
    parts: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FRONT, parameters)
        for part, *values in cursor.fetchall():
            parts[part].append(tuple(values))
    remember_audiences(user, parts["mine"][0][7])
    newest = sorted((_shown(row, tree) for row in parts["newest"]), key=lambda row: (row.published_at, row.pk), reverse=True)
    due = sorted((_shown(row, tree) for row in parts["due"]), key=lambda row: (row.review_due_on, row.pk))
    useful = [(row[9], row[0], _shown(row, tree)) for row in parts["useful"]]
    for number, _pk, row in useful:
        row.percent = round(100 * number / row.said)
    return Front(
        _map(tree, json.loads(parts["cells"][0][7] or "[]"), parts["column"]),
        newest,
        due,
        [row for *_order, row in sorted(useful, key=lambda one: (-one[0], one[1]))],
    )


def _map(tree: Tree, rows: list[list[int]], names: list[tuple[Any, ...]]) -> Map:
    by_cell: dict[tuple[int, int], Cell] = {}
    columns: dict[int, Cell] = defaultdict(Cell)
    lines: dict[int, Cell] = defaultdict(Cell)
    total = Cell()
    for category, column, number, overdue in rows:
        cell = by_cell[category, column] = Cell(number, overdue)
        for sums in (columns[column], lines[category], total):
            sums.add(cell)
    most = set(sorted(columns, key=lambda pk: -columns[pk].number)[:MOST_COLUMNS])
    own = is_chinese()
    by_path = sorted((path, Column(pk, name if own else name_en or name)) for pk, _title, _category, name, name_en, path, *_rest in names if pk in most)
    shown = [column for _path, column in by_path]
    nothing = Cell()
    drawn = [Line(top, [(column, by_cell.get((top.pk, column.pk), nothing)) for column in shown], lines[top.pk]) for top in tree.children(None)]
    return Map(shown, drawn, [columns[column.pk] for column in shown], total)


def _shown(values: tuple[Any, ...], tree: Tree) -> Shown:
    pk, title, category, name, name_en, position, position_en, day, number, _more = values
    own = is_chinese()
    department, held = name if own else name_en or name, (position if own else position_en or position) or ""
    row = Shown(pk, title, tree.by_pk[category].label if category in tree.by_pk else "", department, held or department)
    if day is not None:
        row.review_due_on = date.fromisoformat(day)
    elif _more is not None:
        row.said = int(number)
    elif number is not None:
        row.published_at = datetime.fromtimestamp(number, UTC)
    return row
