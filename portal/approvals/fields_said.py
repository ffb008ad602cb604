"""Values of fields as people read them, and what differs between two contents."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals.computing import sums_of
from portal.approvals.definitions.forms import FieldPlan, FormPlan, TablePlan, Values
from portal.approvals.models import Paper
from portal.foundation.dates import say_day
from portal.organization.places import read_places

Names = Mapping[tuple[str, int], str]
MOST_CHANGES = 6
MOST_OF_A_LINE = 4
DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ("", "拾", "佰", "仟")


@dataclass(frozen=True, slots=True)
class Said:
    """One field of a paper on its page."""

    key: str
    label: str
    type: str
    words: str
    in_capitals: str = ""


@dataclass(frozen=True, slots=True)
class SaidCell:
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class SaidTable:
    """A table of a paper as it is read: of each line the words of its cells.

    `sums` are one cell for each column but the first, as the first says that they are sums. `carried` are such words for each line: what the lines come to
    until there, where the table is to be printed over several sheets.
    """

    key: str
    label: str
    heads: list[FieldPlan]
    rows: list[list[str]]
    sums: list[SaidCell]
    carried: list[list[str]]


@dataclass(frozen=True, slots=True)
class Change:
    """A field that says something else than before."""

    label: str
    before: str
    after: str
    is_long: bool = False


def names_in(form: FormPlan, *contents: Values) -> Names:
    """The names of people, departments and papers in these contents, one statement for each of the three."""
    asked: dict[str, set[int]] = {"person": set(), "department": set(), "paper": set()}
    for values in contents:
        for plan in form:
            if plan.type in asked and values.get(plan.key):
                asked[plan.type].add(int(values[plan.key]))
        for table in form.tables:
            for column in table.columns:
                if column.type in asked:
                    asked[column.type] |= {int(line[column.key]) for line in values.get(table.key) or () if line.get(column.key)}
    names: dict[tuple[str, int], str] = {}
    if asked["person"]:
        names |= {("person", pk): name for pk, name in User.objects.filter(pk__in=asked["person"]).values_list("pk", "name")}
    if asked["department"]:
        places = read_places()
        names |= {("department", pk): places.label(pk) for pk in asked["department"]}
    if asked["paper"]:
        names |= {("paper", pk): number for pk, number in Paper.objects.filter(pk__in=asked["paper"]).values_list("pk", "number")}
    return names


def said_value(plan: FieldPlan, value: Any, names: Names) -> str:
    """In words; nothing where nothing stands."""
    if value in (None, "", []):
        return ""
    match plan.type:
        case "money" | "number":
            return f"{Decimal(str(value)):,}{f' {plan.unit}' if plan.unit else ''}"
        case "day":
            return say_day(date.fromisoformat(str(value)))
        case "choice":
            return plan.choice_label(str(value))
        case "choices":
            return _(", ").join(plan.choice_label(str(one)) for one in value)
        case "month":
            return _("%(year)s-%(month)s") % {"year": str(value)[:4], "month": str(value)[5:]}
        case "person" | "department" | "paper":
            return names.get((plan.type, int(value)), "")
        case "files":
            return _(", ").join(str(file["name"]) for file in value)
    return str(value)


def said_fields(form: FormPlan, values: Values, names: Names, *, reserved: bool = True) -> list[Said]:
    """All fields in which something stands, but for the title, in the order of the form; what is reserved only for whoever decides."""
    rows = []
    for plan in form:
        words = said_value(plan, values.get(plan.key), names)
        if words and plan.role != "title" and (reserved or not plan.is_reserved):
            in_capitals = capitals(Decimal(str(values[plan.key]))) if plan.type == "money" and Decimal(str(values[plan.key])) >= 0 else ""
            rows.append(Said(plan.key, plan.label, plan.type, words, in_capitals))
    return rows


def said_tables(form: FormPlan, values: Values, names: Names, *, reserved: bool = True, for_print: bool = False) -> list[SaidTable]:
    """The lines of a paper. A unit stands at the head of its column."""
    found = []
    for table in form.tables:
        heads = [column for column in table.columns if reserved or not column.is_reserved]
        lines = values.get(table.key) or []
        rows = [[said_cell(column, line.get(column.key), names) for column in heads] for line in lines]
        sums = sums_of(table, lines)
        is_summed = bool(lines) and any(column.key in sums for column in heads)
        said = [SaidCell(column.label, f"{sums[column.key]:,}" if column.key in sums else "") for column in heads[1:]]
        carried = _carried(table, heads[1:], lines) if for_print and is_summed else []
        found.append(SaidTable(table.key, table.label, heads, rows, said if is_summed else [], carried))
    return found


def _carried(table: TablePlan, columns: Sequence[FieldPlan], lines: Sequence[Values]) -> list[list[str]]:
    """What the lines come to until each of them, in the words of its columns."""
    so_far: dict[str, Decimal] = {}
    found = []
    for line in lines:
        for key, value in sums_of(table, [line]).items():
            so_far[key] = so_far.get(key, Decimal(0)) + value
        found.append([f"{so_far[column.key]:,}" if column.key in so_far else "" for column in columns])
    return found


def said_cell(plan: FieldPlan, value: Any, names: Names) -> str:
    if plan.is_number and value not in (None, ""):
        return f"{Decimal(str(value)):,}"
    return str(value) if plan.type == "day" and value else said_value(plan, value, names)


def changes_between(form: FormPlan, before: Values, after: Values, *, reserved: bool = True) -> list[Change]:
    """What was changed, field by field, then line by line."""
    names = names_in(form, before, after)
    found = [
        Change(plan.label, said_value(plan, before.get(plan.key), names), said_value(plan, after.get(plan.key), names), plan.type == "long_text")
        for plan in form
        if before.get(plan.key) != after.get(plan.key) and (before.get(plan.key) or after.get(plan.key)) and (reserved or not plan.is_reserved)
    ]
    for table in form.tables:
        columns = [column for column in table.columns if reserved or not column.is_reserved]
        found += _changed_lines(columns, before.get(table.key) or [], after.get(table.key) or [], names)
    return found


def _changed_lines(columns: Sequence[FieldPlan], before: Sequence[Values], after: Sequence[Values], names: Names) -> list[Change]:
    """By the uid of each line: cells that say something else, lines that are new, lines that are gone."""
    earlier = {line["uid"]: (number, line) for number, line in enumerate(before, 1)}
    found = []
    for number, line in enumerate(after, 1):
        _old_number, old = earlier.pop(line["uid"], (0, None))
        if old is None:
            found.append(Change(_("line %(number)s") % {"number": number}, "", _line_words(columns, line, names)))
            continue
        for column in columns:
            if old.get(column.key) != line.get(column.key):
                label = _("line %(number)s, %(column)s") % {"number": number, "column": column.label}
                found.append(Change(label, said_cell(column, old.get(column.key), names), said_cell(column, line.get(column.key), names)))
    found += [Change(_("line %(number)s before") % {"number": number}, _line_words(columns, line, names), "") for number, line in earlier.values()]
    return found


def _line_words(columns: Sequence[FieldPlan], line: Values, names: Names) -> str:
    words = (said_cell(column, line.get(column.key), names) for column in columns)
    return " ".join([word for word in words if word][:MOST_OF_A_LINE])


def changed_words(changes: Iterable[Change]) -> str:
    """One line: 金额 1,200.00 → 1,000.00; 内容."""
    nothing, several = _("nothing"), list(changes)
    told = [change.label if change.is_long else f"{change.label} {change.before or nothing} → {change.after or nothing}" for change in several[:MOST_CHANGES]]
    if len(several) > MOST_CHANGES:
        told.append(_("and %(count)s more") % {"count": len(several) - MOST_CHANGES})
    return _("; ").join(told)


def capitals(amount: Decimal) -> str:
    """壹佰贰拾叁元肆角伍分, as amounts are written on paper so that no figure can be added."""
    fen = int((amount * 100).to_integral_value())
    yuan, rest = divmod(fen, 100)
    words = f"{_whole(yuan)}元" if yuan else ""
    jiao, left = divmod(rest, 10)
    if not rest:
        return f"{words or '零元'}整"
    words += f"{DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return words + (f"{DIGITS[left]}分" if left else "整")


def _whole(number: int) -> str:
    """Parts of 亿 and of 万, with a single 零 where digits are left out between them."""
    for size, unit in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            return _whole(high) + unit + ("零" if 0 < low < size // 10 else "") + _whole(low)
    return _group(number)


def _group(number: int) -> str:
    words, is_gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if not digit:
            is_gap = bool(words)
            continue
        words, is_gap = words + ("零" if is_gap else "") + DIGITS[digit] + UNITS[place], False
    return words
