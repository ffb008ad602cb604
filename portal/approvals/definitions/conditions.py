"""Conditions as data: alternatives of conditions that hold together. A field, an operator, a value; no formula."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from portal.approvals.definitions.forms import FormPlan, Values
from portal.approvals.errors import DefinitionError

ORDERED = frozenset({"number", "money", "day"})
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "lt": lambda held, asked: held < asked,
    "le": lambda held, asked: held <= asked,
    "gt": lambda held, asked: held > asked,
    "ge": lambda held, asked: held >= asked,
}
OPERATORS = (*COMPARISONS, "eq", "ne", "in", "filled", "blank")


@dataclass(frozen=True, slots=True)
class Condition:
    """`field op value`. Nothing is less or more than a field in which nothing stands."""

    field: str
    op: str
    value: Any = None

    def holds(self, form: FormPlan, values: Values) -> bool:
        plan = form.field(self.field)
        held = plan.read(values) if plan else None
        if self.op in ("filled", "blank"):
            return (held is not None) == (self.op == "filled")
        if plan is None or held is None:
            return self.op == "ne"
        if self.op == "in":
            return held in self.value
        asked = typed(plan.type, self.value)
        if self.op in COMPARISONS:
            return COMPARISONS[self.op](held, asked)
        is_equal = asked in held if plan.type == "choices" else held == asked
        return is_equal == (self.op == "eq")

    def as_data(self) -> dict[str, Any]:
        return {"field": self.field, "op": self.op, "value": self.value}


Alternatives = tuple[tuple[Condition, ...], ...]


def holds(alternatives: Alternatives, form: FormPlan, values: Values) -> bool:
    return any(all(condition.holds(form, values) for condition in together) for together in alternatives)


def read_conditions(raw: Any, where: str) -> Alternatives:
    """`[[{"field", "op", "value"}, …and…], …or…]`. Refuses operators that there are not, and a case without any condition."""
    if not isinstance(raw, Sequence) or not raw or not all(isinstance(together, Sequence) and together for together in raw):
        raise DefinitionError(_("%(where)s: a case has conditions; what is left goes into “otherwise”.") % {"where": where})
    return tuple(tuple(_read(one, where) for one in together) for together in raw)


def check_conditions(alternatives: Alternatives, form: FormPlan, where: str) -> None:
    """Refuses what never could be asked of this form: a field that it lacks or that may be blank without a rule, an order of what has none."""
    for condition in (condition for together in alternatives for condition in together):
        plan = form.field(condition.field)
        if plan is None:
            raise DefinitionError(_("%(where)s: the form has no field “%(name)s”.") % {"where": where, "name": condition.field})
        if condition.op in COMPARISONS and plan.type not in ORDERED:
            raise DefinitionError(_("%(where)s: “%(name)s” is neither a number nor a day, so nothing is less or more.") % {"where": where, "name": plan.label})
        if condition.op in (*COMPARISONS, "eq", "ne"):
            try:
                typed(plan.type, condition.value)
            except (ValueError, ArithmeticError, TypeError) as error:
                words = {"where": where, "value": condition.value, "name": plan.label}
                raise DefinitionError(_("%(where)s: “%(value)s” is no value of “%(name)s”.") % words) from error
        asked = condition.value if condition.op == "in" else [condition.value]
        if plan.choices and condition.op in ("eq", "ne", "in") and not set(asked) <= {code for code, _label in plan.choices}:
            raise DefinitionError(_("%(where)s: “%(value)s” is no choice of “%(name)s”.") % {"where": where, "value": condition.value, "name": plan.label})


def typed(kind: str, value: Any) -> Any:
    if kind in ("number", "money"):
        return Decimal(str(value))
    return date.fromisoformat(str(value)) if kind == "day" else value


def _read(raw: Mapping[str, Any], where: str) -> Condition:
    op = str(raw.get("op", ""))
    if op not in OPERATORS:
        raise DefinitionError(f"{where}: no operator {op!r}")
    value = raw.get("value")
    if op == "in" and not isinstance(value, Sequence):
        raise DefinitionError(f"{where}: “in” asks for several values")
    return Condition(str(raw.get("field", "")), op, value)
