"""The tree of departments with its heads and its numbers of people, for the pages that show all of it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection

from portal.directory.finding import HELD
from portal.foundation.language import is_chinese

PEOPLE_SHOWN = 40

TREE = f"""
    SELECT department.id, parent_id, path, department.name, name_en, phone, heads.ids, heads.names, coalesce(members.count, 0)
    FROM organization_department department
    LEFT JOIN (
        SELECT department_id, array_agg(person_id ORDER BY is_primary DESC, held.id) AS ids, array_agg(person.name ORDER BY is_primary DESC, held.id) AS names
        FROM organization_employment held JOIN accounts_user person ON person.id = held.person_id
        WHERE {HELD} AND position_id IN (SELECT id FROM organization_position WHERE is_head) GROUP BY department_id
    ) heads ON heads.department_id = department.id
    LEFT JOIN (
        SELECT department_id, count(*) FROM organization_employment WHERE is_primary AND {HELD} GROUP BY department_id
    ) members ON members.department_id = department.id
    WHERE closed_on IS NULL OR closed_on > %(day)s ORDER BY department."order", name_pinyin, department.id
"""  # noqa: S608  # constants
DIGEST = f"SELECT md5(string_agg(whole::text, '|')) FROM ({TREE}) whole"  # noqa: S608
PEOPLE = f"""
    SELECT person.id, person.name, post.name, post.name_en, card.photo, count(*) OVER ()
    FROM organization_employment held JOIN organization_position post ON post.id = held.position_id AND NOT post.is_head
    JOIN accounts_user person ON person.id = held.person_id LEFT JOIN organization_profile card ON card.person_id = held.person_id
    WHERE held.department_id = %(department)s AND {HELD} ORDER BY post."order", person.name_pinyin, held.id LIMIT %(most)s
"""  # noqa: S608


class Head(NamedTuple):
    """Who heads a department."""

    person_id: int
    name: str


class Leaf(NamedTuple):
    """Someone who works in a department itself."""

    person_id: int
    name: str
    position: str
    photo: str


@dataclass(slots=True)
class Node:
    """An open department; `count` is of it with those below it. `people` and `more` are filled where it `is_open`."""

    pk: int
    parent_id: int | None
    path: str
    label: str
    phone: str
    heads: list[Head]
    count: int = 0
    children: list["Node"] = field(default_factory=list)
    is_open: bool = False
    people: list[Leaf] = field(default_factory=list)
    more: int = 0

    @property
    def depth(self) -> int:
        return self.path.count("/")

    @property
    def ancestor_ids(self) -> list[int]:
        return [int(part) for part in self.path.split("/") if part][:-1]


def read_tree(day: date) -> dict[int, Node]:
    """Every department open on that day by its id, siblings in their order, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TREE, {"day": day})
        rows = cursor.fetchall()
    own_name = is_chinese()
    nodes: dict[int, Node] = {}
    counts: dict[str, int] = defaultdict(int)
    for pk, parent_id, path, name, name_en, phone, head_ids, head_names, count in rows:
        heads = [Head(*head) for head in zip(head_ids, head_names, strict=True)] if head_ids else []
        nodes[pk] = Node(pk, parent_id, path, name if own_name or not name_en else name_en, phone, heads)
        for part in path.split("/")[:-1]:
            counts[part] += count
    for node in nodes.values():
        node.count = counts[str(node.pk)]
        if node.parent_id in nodes:
            nodes[node.parent_id].children.append(node)
    return nodes


def digest_of_tree(day: date) -> str:
    """What changes with anything that `read_tree` says of this day."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST, {"day": day})
        return cursor.fetchone()[0] or ""


def roots_of(nodes: dict[int, Node]) -> list[Node]:
    return [node for node in nodes.values() if node.parent_id is None]


def depth_first(nodes: dict[int, Node]) -> list[Node]:
    """Parents before those below, siblings in their order."""
    rows: list[Node] = []
    waiting = list(reversed(roots_of(nodes)))
    while waiting:
        node = waiting.pop()
        rows.append(node)
        waiting.extend(reversed(node.children))
    return rows


def open_node(node: Node, day: date) -> None:
    """Fill in those who work in the department itself, without its heads; of a large one the first and how many more."""
    node.is_open = True
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, {"day": day, "department": node.pk, "most": PEOPLE_SHOWN})
        found = cursor.fetchall()
    own_name = is_chinese()
    node.people = [Leaf(person_id, name, post if own_name else post_en or post, photo or "") for person_id, name, post, post_en, photo, _total in found]
    node.more = max(0, found[0][-1] - PEOPLE_SHOWN) if found else 0
