"""What a form asks for: fields, and tables of lines.

Values are kept as JSON: amounts and numbers as decimals in text, days as 2026-11-20, months as 2026-11, people and departments by their ids;
of a table a list of lines, each with its `uid`, and with its `origin` where it was pulled from another paper.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from portal.approvals.definitions.checks import Check, read_check
from portal.approvals.definitions.fields import FieldPlan, read_field
from portal.approvals.definitions.order import order_of
from portal.approvals.definitions.tables import TablePlan, read_table
from portal.approvals.errors import DefinitionError

CENT = Decimal("0.01")
# What a page sends besides the fields.
TAKEN = frozenset({"act", "answer", "csrfmiddlewaretoken", "decision", "employment", "form_key", "opinion", "paper", "seen"})

Values = Mapping[str, Any]


@dataclass(frozen=True)
class FormPlan:
    """Iterated it gives its fields, the tables not. `checks` are about the form as a whole."""

    fields: tuple[FieldPlan, ...]
    tables: tuple[TablePlan, ...] = ()
    checks: tuple[Check, ...] = ()

    def __iter__(self) -> Iterator[FieldPlan]:
        return iter(self.fields)

    def field(self, key: str) -> FieldPlan | None:
        return next((field for field in self.fields if field.key == key), None)

    def table(self, key: str) -> TablePlan | None:
        return next((table for table in self.tables if table.key == key), None)

    def path(self, path: str) -> FieldPlan | None:
        """A field by its key, or a column as table.column."""
        key, _dot, column = path.partition(".")
        if not column:
            return self.field(key)
        table = self.table(key)
        return table.column(column) if table else None

    @cached_property
    def later(self) -> frozenset[str]:
        """What the requester leaves to a step, by path."""
        columns = {f"{table.key}.{column.key}" for table in self.tables for column in table.columns if column.is_later}
        return frozenset({field.key for field in self.fields if field.is_later} | columns)

    @cached_property
    def order(self) -> tuple[tuple[str, str], ...]:
        """In which order formulas are computed: (table or nothing, key)."""
        return order_of(self.fields, self.tables)

    def of_role(self, role: str) -> FieldPlan | None:
        return next((field for field in self.fields if field.role == role), None)

    def title(self, values: Values) -> str:
        field = self.of_role("title")
        return str(values.get(field.key) or "")[:200] if field else ""

    def period(self, values: Values) -> str:
        """2026-12; nothing where the form has no period."""
        field = self.of_role("period")
        return str(values.get(field.key) or "") if field else ""

    def month(self, values: Values) -> str:
        """Of what month the paper is: its period, or a month of which there may be several papers."""
        field = self.of_role("month")
        return self.period(values) or (str(values.get(field.key) or "") if field else "")

    def amount(self, values: Values) -> int | None:
        """In fen; None where the form has no amount, nothing stands there, or it is less than nothing."""
        field = self.of_role("amount")
        value = field.read(values) if field else None
        return None if value is None or value < 0 else int(value.quantize(CENT) * 100)

    def binding_digest(self, values: Values) -> str:
        """Of what others decided on and the requester may change: what steps fill in is theirs."""
        heads = {field.key: values.get(field.key) for field in self.fields if field.is_binding and not field.is_later and field.formula is None}
        lines = {
            table.key: [[line.get(column.key) for column in table.columns if column.is_binding and not column.is_later] for line in values.get(table.key) or ()]
            for table in self.tables
        }
        return digest(heads | lines)


def read_form(raw: Any, tables: Any = ()) -> FormPlan:
    """The plan of a stored form. Refuses what could not be filled in: unknown types, keys twice, a choice without choices, formulas that go round."""
    if not isinstance(raw, Sequence) or not raw:
        raise DefinitionError(_("A form has at least one field."))
    fields = tuple(read_field(one) for one in raw)
    plans = tuple(read_table(one) for one in tables or ())
    keys = [*(one.key for one in fields), *(one.key for one in plans)]
    if len(set(keys)) != len(keys):
        raise DefinitionError(f"two fields of one key in {keys}")
    if taken := TAKEN & set(keys):
        raise DefinitionError(f"a page sends {', '.join(sorted(taken))} for itself")
    for role, types in (("title", {"text"}), ("amount", {"money"}), ("period", {"month"}), ("month", {"month"})):
        found = [field for field in fields if field.role == role]
        if len(found) > 1 or any(field.type not in types for field in found):
            raise DefinitionError(f"a form has one {role} at most, of the type {', '.join(types)}")
    if not any(field.role == "title" and field.is_required for field in fields):
        raise DefinitionError(_("A form needs a text that is the title of the paper and must be filled in."))
    checks = tuple(read_check(check, one["key"]) for one in raw for check in one.get("checks", ()))
    plan = FormPlan(fields, plans, checks)
    order_of(fields, plans)
    _check_names(plan)
    return plan


def _check_names(plan: FormPlan) -> None:
    """Refuses a check or a pull about what is not there."""
    heads = {field.key for field in plan.fields}
    columns = {(table.key, column.key) for table in plan.tables for column in table.columns}
    for check in plan.checks:
        if unknown := (check.test.names - heads - {"TODAY"}) | {f"{table}.{column}" for table, column in check.test.sums - columns}:
            raise DefinitionError(_("%(where)s: the check names “%(name)s”, which is not there.") % {"where": check.at, "name": ", ".join(sorted(unknown))})
    for table in plan.tables:
        own = {column.key for column in table.columns}
        for check in table.checks:
            if unknown := check.test.names - own - heads - {"TODAY"}:
                where = f"{table.key}.{check.at}"
                raise DefinitionError(_("%(where)s: the check names “%(name)s”, which is not there.") % {"where": where, "name": ", ".join(sorted(unknown))})


def digest(values: Any) -> str:
    """Of any JSON, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def read_decimal(text: str) -> Decimal:
    """A finite number from text that has been put into half width. Raises InvalidOperation for anything else."""
    number = Decimal(text)
    if not number.is_finite():
        raise InvalidOperation(text)
    return number
