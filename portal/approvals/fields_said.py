"""Values of fields as people read them, and what differs between two contents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals.definitions.forms import FieldPlan, FormPlan, Values
from portal.foundation.dates import say_day
from portal.organization.places import read_places

Names = Mapping[tuple[str, int], str]
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
class Change:
    """A field that says something else than before."""

    label: str
    before: str
    after: str
    is_long: bool = False


def names_in(form: FormPlan, *contents: Values) -> Names:
    """The names of people and departments in these contents, one statement for each of the two."""
    asked: dict[str, set[int]] = {"person": set(), "department": set()}
    for values in contents:
        for plan in form:
            if plan.type in asked and values.get(plan.key):
                asked[plan.type].add(int(values[plan.key]))
    names: dict[tuple[str, int], str] = {}
    if asked["person"]:
        names |= {("person", pk): name for pk, name in User.objects.filter(pk__in=asked["person"]).values_list("pk", "name")}
    if asked["department"]:
        places = read_places()
        names |= {("department", pk): places.label(pk) for pk in asked["department"]}
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
        case "person" | "department":
            return names.get((plan.type, int(value)), "")
        case "files":
            return _(", ").join(str(file["name"]) for file in value)
    return str(value)


def said_fields(form: FormPlan, values: Values) -> list[Said]:
    """All fields in which something stands, but for the title, in the order of the form."""
    names = names_in(form, values)
    rows = []
    for plan in form:
        words = said_value(plan, values.get(plan.key), names)
        if words and plan.role != "title":
            rows.append(Said(plan.key, plan.label, plan.type, words, capitals(Decimal(str(values[plan.key]))) if plan.type == "money" else ""))
    return rows


def changes_between(form: FormPlan, before: Values, after: Values) -> list[Change]:
    """What was changed, field by field."""
    names = names_in(form, before, after)
    return [
        Change(plan.label, said_value(plan, before.get(plan.key), names), said_value(plan, after.get(plan.key), names), plan.type == "long_text")
        for plan in form
        if before.get(plan.key) != after.get(plan.key) and (before.get(plan.key) or after.get(plan.key))
    ]


def changed_words(changes: Iterable[Change]) -> str:
    """One line: 金额 1,200.00 → 1,000.00; 内容."""
    nothing = _("nothing")
    return _("; ").join(change.label if change.is_long else f"{change.label} {change.before or nothing} → {change.after or nothing}" for change in changes)


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
