"""What a form computes: formulas in their order, exactly, rounded half up to the places of their field; and whether its checks hold.

A line's amount is rounded and then summed, so that what is printed adds up.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.approvals.definitions.checks import Check
from portal.approvals.definitions.fields import FieldPlan
from portal.approvals.definitions.forms import FormPlan, Values
from portal.approvals.definitions.formulas import TODAY, FormulaTroubleError, Sight, rounded
from portal.approvals.definitions.tables import TablePlan

LineValues = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A sentence at its place: a field, or a cell of a line (by its place among the lines). What is not grave is told and keeps nobody from submitting."""

    table: str
    line: int
    key: str
    sentence: str
    is_grave: bool = True


@dataclass(slots=True)
class Computed:
    """Values with all that is computed. `troubles` are what could not be."""

    values: dict[str, Any]
    troubles: list[Trouble] = field(default_factory=list)


def compute(plan: FormPlan, values: Values) -> Computed:
    """Whatever was sent for a computed field is put aside; what cannot be computed is blank."""
    found = Computed({key: [dict(line) for line in value] if plan.table(key) else value for key, value in values.items() if plan.field(key) or plan.table(key)})
    for table_key, key in plan.order:
        table = plan.table(table_key) if table_key else None
        if table is None:
            _compute_one(found, plan.field(key), plan, found.values, found.values, ("", 0))
            continue
        column = table.column(key)
        for place, line in enumerate(found.values.get(table_key) or ()):
            _compute_one(found, column, plan, found.values, line, (table_key, place))
    return found


def failing(plan: FormPlan, values: Values, *, today: date) -> list[Trouble]:
    """The checks that do not hold, and lines that stand twice."""
    found = [Trouble("", 0, check.at, check.sentence) for check in plan.checks if not _holds(check, _sight(plan, values, values, None, today))]
    for table in plan.tables:
        lines = values.get(table.key) or []
        for place, line in enumerate(lines):
            sight = _sight(plan, values, line, table, today)
            found += [Trouble(table.key, place, check.at, check.sentence) for check in table.checks if not _holds(check, sight)]
        found += _twice(table, lines)
    return found


def missing(plan: FormPlan, values: Values, wanted: Callable[[str, FieldPlan], bool]) -> list[Trouble]:
    """What has to be filled in and is not: the fields and columns that are wanted, and a table without lines."""
    sentence = _("Fill this in.")
    found = [Trouble("", 0, one.key, sentence) for one in plan if wanted(one.key, one) and values.get(one.key) in (None, "", [])]
    for table in plan.tables:
        needed = [column for column in table.columns if wanted(f"{table.key}.{column.key}", column)]
        for place, line in enumerate(values.get(table.key) or ()):
            found += [Trouble(table.key, place, column.key, sentence) for column in needed if line.get(column.key) in (None, "")]
    return found


def is_wanted_of_requester(_path: str, plan: FieldPlan) -> bool:
    return plan.is_required and not plan.is_later and not plan.is_computed


def place_words(plan: FormPlan, trouble: Trouble) -> str:
    """第 5 行 需用日, or the name of a field."""
    table = plan.table(trouble.table) if trouble.table else None
    if table is None:
        found = plan.field(trouble.key)
        return found.label if found else trouble.key
    column = table.column(trouble.key)
    label = column.label if column else table.label
    return _("line %(number)s, %(column)s") % {"number": trouble.line + 1, "column": label}


def sums_of(table: TablePlan, lines: Sequence[Mapping[str, Any]]) -> dict[str, Decimal]:
    """The sum of each column that is summed, over what stands there."""
    return {
        column.key: sum((Decimal(str(line[column.key])) for line in lines if line.get(column.key) not in (None, "")), Decimal(0))
        for column in table.columns
        if column.is_summed
    }


def item_key(name: Any) -> str:
    """One item, however its name was typed: full width, spaces, capitals."""
    return " ".join(unicodedata.normalize("NFKC", str(name or "")).split()).casefold()


def kept_number(plan: FieldPlan, value: Decimal) -> str:
    return f"{rounded(value, plan.places):f}"


def _compute_one(found: Computed, plan: FieldPlan | None, form: FormPlan, heads: Values, here: dict[str, Any], place: tuple[str, int]) -> None:
    if plan is None or plan.formula is None:
        return
    here[plan.key] = None
    try:
        value = plan.formula.value(_sight(form, heads, here, form.table(place[0]) if place[0] else None))
    except FormulaTroubleError as error:
        found.troubles.append(Trouble(place[0], place[1], plan.key, _SENTENCES[error.code](), error.code != "division"))
        return
    if isinstance(value, bool):
        value = Decimal(int(value))
    if isinstance(value, Decimal):
        if abs(value) > plan.greatest:
            found.troubles.append(Trouble(place[0], place[1], plan.key, _SENTENCES["size"]()))
            return
        here[plan.key] = kept_number(plan, value)


def _holds(check: Check, sight: Sight) -> bool:
    try:
        return check.test.value(sight) is not False
    except FormulaTroubleError:
        return True


def _sight(form: FormPlan, heads: Values, here: Mapping[str, Any], table: TablePlan | None, today: date | None = None) -> Sight:
    def named(name: str) -> Any:
        if table is not None and (column := table.column(name)) is not None:
            return column.read(here)
        if name == TODAY:
            return today
        found = form.field(name)
        return found.read(heads) if found else None

    def lines(key: str) -> Sequence[Callable[[str], Any]]:
        of = form.table(key)
        return [] if of is None else [_reader(of, line) for line in heads.get(key) or ()]

    return Sight(named, lines)


def _reader(table: TablePlan, line: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(key: str) -> Any:
        column = table.column(key)
        return column.read(line) if column else None

    return read


def _twice(table: TablePlan, lines: Sequence[Mapping[str, Any]]) -> list[Trouble]:
    """Lines that say the same in the columns by which they are told apart."""
    first: dict[tuple[str, ...], int] = {}
    found = []
    for place, line in enumerate(lines) if table.once else ():
        said = tuple(item_key(line.get(key)) for key in table.once)
        if not any(said):
            continue
        earlier = first.setdefault(said, place)
        if earlier != place:
            found.append(Trouble(table.key, place, table.once[0], _("It stands in line %(number)s already.") % {"number": earlier + 1}))
    return found


_SENTENCES: dict[str, Callable[[], str]] = {
    "division": lambda: _("This would be divided by nothing."),
    "size": lambda: _("This becomes too large a number."),
    "kind": lambda: _("This cannot be reckoned with: it is no number."),
}
