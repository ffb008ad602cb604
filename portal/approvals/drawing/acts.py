"""Moving, copying and removing what is drawn. Each is a change of the drawing; where there is no such thing nothing happens."""

from copy import deepcopy
from typing import Any

from portal.approvals.definitions.paths import find_column, find_node, nodes_of
from portal.approvals.models import Drawing

Raw = dict[str, Any]

KINDS_OF_PLACE = ("field", "table", "step", "case")


def act_on(drawing: Drawing, act: str, place: str) -> None:
    """`up`, `down`, `copy` or `remove` something at its place (`field:lines.price`, `step:2.0.1`, `case:2.0`)."""
    kind, _colon, path = place.partition(":")
    found = _found(drawing, kind, path)
    if found is None:
        return
    column, at = found
    if act == "remove":
        removed = column.pop(at)
        if kind == "field" and "." in path:
            _forget_column(drawing, path)
        if kind == "case" and not column:
            _spread(drawing, path, removed)
    elif act == "copy" and kind == "step":
        copied = deepcopy(column[at])
        for node in [copied, *(inner for _path, inner in nodes_of([copied]))]:
            if node.get("type") != "choose":
                node["key"] = free_key(drawing)
        column.insert(at + 1, copied)
    elif act in ("up", "down"):
        other = at - 1 if act == "up" else at + 1
        if 0 <= other < len(column):
            column[at], column[other] = column[other], column[at]


def free_key(drawing: Drawing) -> str:
    taken = {str(node.get("key")) for _path, node in nodes_of(drawing.steps)}
    return next(key for number in range(1, 1000) if (key := f"step_{number}") not in taken)


def free_field_key(drawing: Drawing, kept: dict[str, str], table: str = "") -> str:
    """One that no version of the form has had."""
    taken = {str(raw["key"]) for raw in [*drawing.fields, *drawing.tables]} | {path.rpartition(".")[2] for path in kept}
    taken |= {str(raw["key"]) for one in drawing.tables for raw in one.get("columns", ())}
    stem = "lines" if table == "new" else "f"
    if stem not in taken and stem == "lines":
        return stem
    return next(key for number in range(1, 2000) if (key := f"{stem}{number}") not in taken)


def find_table(drawing: Drawing, key: str) -> Raw | None:
    return next((one for one in drawing.tables if one["key"] == key), None)


def find_field(drawing: Drawing, path: str) -> Raw | None:
    """A field by its key, a column as table.column."""
    found = _found(drawing, "field", path)
    return found[0][found[1]] if found is not None else None


def _found(drawing: Drawing, kind: str, path: str) -> tuple[list[Any], int] | None:
    match kind:
        case "field":
            table, _dot, key = path.rpartition(".")
            holder = find_table(drawing, table) if table else None
            rows = drawing.fields if not table else holder.setdefault("columns", []) if holder is not None else []
        case "table":
            rows, key = drawing.tables, path
        case "step":
            found = find_column(drawing.steps, path)
            return found if found is not None and found[1] < len(found[0]) else None
        case "case":
            above, _dot, number = path.rpartition(".")
            node = find_node(drawing.steps, above) or {}
            return (node["cases"], int(number)) if number.isdecimal() and int(number) < len(node.get("cases", [])) else None
        case _:
            return None
    return next(((rows, place) for place, raw in enumerate(rows) if raw.get("key") == key), None)


def _forget_column(drawing: Drawing, path: str) -> None:
    """What the table said of a column goes with it."""
    key, _dot, column = path.partition(".")
    table = find_table(drawing, key)
    if table is None:
        return
    table |= {name: [one for one in table[name] if one != column] for name in ("once",) if name in table}
    table |= {"checks": [one for one in table["checks"] if one.get("at") != column]} if "checks" in table else {}
    table |= {"facts": {name: of for name, of in table["facts"].items() if of != column}} if "facts" in table else {}
    if "pull" in table:
        table["pull"]["columns"] = {own: theirs for own, theirs in table["pull"].get("columns", {}).items() if own != column}


def _spread(drawing: Drawing, path: str, removed: Raw) -> None:
    """A choice without cases is none: what stood otherwise takes its place."""
    above = path.rpartition(".")[0]
    found = find_column(drawing.steps, above)
    if found is not None:
        column, at = found
        column[at : at + 1] = column[at].get("otherwise", [])
