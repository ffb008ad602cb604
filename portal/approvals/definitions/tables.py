"""A table of a form: columns, checks on each line, and from which papers its lines may be pulled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.approvals.definitions.checks import Check, read_check
from portal.approvals.definitions.fields import COLUMN_TYPES, FieldPlan, read_field
from portal.approvals.definitions.labels import read_label, said
from portal.approvals.errors import DefinitionError

MOST_LINES = 500
# For what later papers and statistics ask of lines, whatever its column is called.
FACTS = ("item", "supplier", "quantity", "price", "amount")


@dataclass(frozen=True, slots=True)
class Pull:
    """Lines of an approved paper of `kind` (its code). `columns` maps own columns to theirs.

    Of the source's `of` at most `limit` percent are pulled, all papers together, as `quantity`; nothing is bounded where `of` is empty.
    """

    kind: str
    table: str
    columns: Mapping[str, str]
    quantity: str = ""
    of: str = ""
    limit: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class TablePlan:
    """`once` are the columns that together tell a line from the others. `facts` says which column is the item, the quantity, the amount."""

    key: str
    label_in: Mapping[str, str]
    columns: tuple[FieldPlan, ...]
    is_required: bool = True
    most: int = MOST_LINES
    once: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    pull: Pull | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    ceilings: bool = False

    @property
    def label(self) -> str:
        return said(self.label_in)

    def column(self, key: str) -> FieldPlan | None:
        return next((column for column in self.columns if column.key == key), None)


def read_table(raw: Mapping[str, Any]) -> TablePlan:
    key = str(raw.get("key", ""))
    if not key.isidentifier() or not key.isascii() or len(key) > 40:
        raise DefinitionError(f"a key is of letters, digits and _: {key!r}")
    columns = tuple(read_field(one) for one in raw.get("columns", ()))
    keys = {column.key for column in columns}
    if not columns or len(keys) != len(columns) or keys & {"uid", "origin"}:
        raise DefinitionError(f"{key}: a table has columns, each of a key of its own, none called uid or origin")
    if wrong := [column.key for column in columns if column.type not in COLUMN_TYPES]:
        raise DefinitionError(f"{key}: {', '.join(wrong)} cannot stand in a line")
    facts = dict(raw.get("facts", {}))
    if set(facts) - set(FACTS) or set(facts.values()) - keys:
        raise DefinitionError(f"{key}: facts are of {', '.join(FACTS)}, each a column")
    checks = tuple(read_check(one, str(one.get("at", ""))) for one in raw.get("checks", ()))
    if (set(raw.get("once", ())) | {check.at for check in checks}) - keys:
        raise DefinitionError(f"{key}: a check stands at a column")
    return TablePlan(
        key=key,
        label_in=read_label(raw.get("label"), key),
        columns=columns,
        is_required=bool(raw.get("required", True)),
        most=min(int(raw.get("most", MOST_LINES)), MOST_LINES),
        once=tuple(raw.get("once", ())),
        checks=checks,
        pull=_read_pull(raw["pull"], keys, key) if raw.get("pull") else None,
        facts=facts,
        ceilings=bool(raw.get("ceilings", False)),
    )


def _read_pull(raw: Mapping[str, Any], keys: set[str], where: str) -> Pull:
    columns = dict(raw.get("columns", {}))
    pull = Pull(
        str(raw["kind"]), str(raw.get("table", "lines")), columns, str(raw.get("quantity", "")), str(raw.get("of", "")), Decimal(str(raw.get("limit", 100)))
    )
    if set(columns) - keys or (pull.quantity and pull.quantity not in keys) or bool(pull.of) != bool(pull.quantity):
        raise DefinitionError(f"{where}: lines are pulled into columns, and a quantity of a quantity")
    return pull
