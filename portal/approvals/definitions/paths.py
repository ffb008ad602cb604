"""Where a step or a choice stands in a drawn route: `2` is the third of the column, `2.0.1` the second in its first case, `2.x.0` the first otherwise."""

import re
from collections.abc import Iterator
from typing import Any

Raw = dict[str, Any]
Column = list[Raw]

PATH = re.compile(r"\d{1,3}(\.(\d{1,2}|x)\.\d{1,3}){0,3}")
OTHERWISE = "x"
DEEPEST = 3


def find_column(steps: Column, path: str) -> tuple[Column, int] | None:
    """The column in which a path ends, and the place in it, which may be the one behind the last. None where there is no such column."""
    if not PATH.fullmatch(path):
        return None
    column, parts = steps, path.split(".")
    while len(parts) > 1:
        place, case, *parts = parts
        inner = _inner(column, int(place), case)
        if inner is None:
            return None
        column = inner
    last = int(parts[0])
    return (column, last) if last <= len(column) else None


def find_node(steps: Column, path: str) -> Raw | None:
    found = find_column(steps, path)
    return found[0][found[1]] if found is not None and found[1] < len(found[0]) else None


def nodes_of(steps: Column, above: str = "") -> Iterator[tuple[str, Raw]]:
    """Every step and choice with its path, from the top down."""
    for place, node in enumerate(steps):
        path = f"{above}{place}"
        yield path, node
        if node.get("type") == "choose":
            for number, case in enumerate(node.get("cases", ())):
                yield from nodes_of(case.get("steps", []), f"{path}.{number}.")
            yield from nodes_of(node.get("otherwise", []), f"{path}.{OTHERWISE}.")


def depth_of(path: str) -> int:
    return path.count(".") // 2


def _inner(column: Column, place: int, case: str) -> Column | None:
    node = column[place] if place < len(column) else {}
    if node.get("type") != "choose":
        return None
    if case == OTHERWISE:
        return node.setdefault("otherwise", [])
    cases = node.get("cases", [])
    return cases[int(case)].setdefault("steps", []) if int(case) < len(cases) else None
