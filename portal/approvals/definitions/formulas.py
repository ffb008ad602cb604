"""Formulas of fields and checks: + − × ÷, comparisons, and/or/not, and a few functions; exact, with Decimal.

Read by Python's own parser and kept only where every node is on the list below: nothing is called, looked up or looped over but what stands here.
What is blank stays blank through arithmetic; and/or/not know of “not known”. A division by nothing is a `FormulaTroubleError`, told at its place.
"""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any

from django.utils.translation import gettext as _

from portal.approvals.errors import DefinitionError

LONGEST = 500
DEEPEST = 20
GREATEST = Decimal(10) ** 18
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
TODAY = "TODAY"

Line = Mapping[str, Any]
Told = Callable[["Sight"], Any]

ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul}
COMPARING: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
OVER_LINES = ("SUM", "AVG", "MIN", "MAX", "COUNT")
OF_VALUES = {"ROUND": (1, 2), "ABS": (1, 1), "IF": (3, 3), "BLANK": (1, 1), "DAYS": (2, 2), "MIN": (1, 9), "MAX": (1, 9)}


class FormulaTroubleError(Exception):
    """What stands there cannot be computed: `code` is division or size."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sight:
    """What a formula sees: values by name, and the lines of tables."""

    named: Callable[[str], Any]
    lines: Callable[[str], Sequence[Callable[[str], Any]]]


@dataclass(slots=True)
class Formula:
    """`names` are those of fields beside it, `sums` the columns (table, column) over which it reckons."""

    text: str
    told: Told
    names: set[str] = field(default_factory=set)
    sums: set[tuple[str, str]] = field(default_factory=set)

    def value(self, sight: Sight) -> Any:
        """A Decimal, a bool, a text, a day, or None where it is not known yet."""
        with localcontext(EXACT):
            try:
                found = self.told(sight)
            except ArithmeticError as error:
                raise FormulaTroubleError("size") from error
        if isinstance(found, Decimal) and abs(found) >= GREATEST:
            raise FormulaTroubleError("size")
        return found


def read_formula(text: str, where: str) -> Formula:
    """Refuses what is longer or deeper than a clerk's formula, and everything that is not on the list."""
    if len(text) > LONGEST:
        raise DefinitionError(_("%(where)s: the formula has more than %(most)s characters.") % {"where": where, "most": LONGEST})
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise DefinitionError(_("%(where)s: “%(text)s” cannot be read as a formula.") % {"where": where, "text": text[:80]}) from error
    reader = _Reader(text.strip(), where)
    formula = Formula(text, reader.read(tree, 0))
    formula.names, formula.sums = reader.names, reader.sums
    return formula


class _Reader:
    """Turns the parser's nodes into functions of what is seen, one for each kind that is allowed."""

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text, where
        self.names: set[str] = set()
        self.sums: set[tuple[str, str]] = set()

    def read(self, node: ast.expr, depth: int) -> Told:
        if depth > DEEPEST:
            raise DefinitionError(_("%(where)s: the formula nests deeper than %(most)s levels.") % {"where": self.where, "most": DEEPEST})
        match node:
            case ast.Constant(value=bool()) | ast.Constant(value=None):
                raise self._refused(node)
            case ast.Constant(value=int() | float()):
                return _constant(Decimal(self._source(node).replace("_", "")))
            case ast.Constant(value=str(value)):
                return _constant(value)
            case ast.Name(id=name):
                self.names.add(name)
                return lambda sight: sight.named(name)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                told = self.read(inner, depth + 1)
                return lambda sight: None if (value := told(sight)) is None else -_number(value)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                told = self.read(inner, depth + 1)
                return lambda sight: None if (value := told(sight)) is None else not value
            case ast.BoolOp(op=op, values=values):
                return _joined([self.read(one, depth + 1) for one in values], is_and=isinstance(op, ast.And))
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return _divided(self.read(left, depth + 1), self.read(right, depth + 1))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                return _reckoned(ARITHMETIC[type(op)], self.read(left, depth + 1), self.read(right, depth + 1))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARING:
                return _compared(COMPARING[type(op)], self.read(left, depth + 1), self.read(right, depth + 1))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(name, args, node, depth)
        raise self._refused(node)

    def _call(self, name: str, args: list[ast.expr], node: ast.expr, depth: int) -> Told:
        if name in OVER_LINES and len(args) == 1 and isinstance(args[0], ast.Attribute) and isinstance(args[0].value, ast.Name):
            table, column = args[0].value.id, args[0].attr
            self.sums.add((table, column))
            return _over_lines(name, table, column)
        if name not in OF_VALUES:
            known = ", ".join(sorted({*OF_VALUES, *OVER_LINES}))
            raise DefinitionError(
                _("%(where)s: there is no function %(name)s. There are %(known)s.") % {"where": self.where, "name": name[:40], "known": known}
            )
        fewest, most = OF_VALUES[name]
        if not fewest <= len(args) <= most:
            raise self._refused(node)
        return _FUNCTIONS[name]([self.read(one, depth + 1) for one in args])

    def _source(self, node: ast.expr) -> str:
        """A number as it was written: the parser has made a float of it."""
        written = ast.get_source_segment(self.text, node) or ""
        if not written.replace(".", "", 1).replace("_", "").isdigit():
            raise self._refused(node)
        return written

    def _refused(self, node: ast.AST) -> DefinitionError:
        written = (ast.get_source_segment(self.text, node) or self.text)[:60]  # type: ignore[arg-type]
        return DefinitionError(_("%(where)s: “%(text)s” is not allowed in a formula.") % {"where": self.where, "text": written})


def _constant(value: Any) -> Told:
    return lambda _sight: value


def _number(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    raise FormulaTroubleError("kind")


def _reckoned(how: Callable[[Any, Any], Any], left: Told, right: Told) -> Told:
    def told(sight: Sight) -> Any:
        one, other = left(sight), right(sight)
        return None if one is None or other is None else how(_number(one), _number(other))

    return told


def _divided(left: Told, right: Told) -> Told:
    def told(sight: Sight) -> Any:
        one, other = left(sight), right(sight)
        if one is None or other is None:
            return None
        if not _number(other):
            raise FormulaTroubleError("division")
        return _number(one) / other

    return told


def _compared(how: Callable[[Any, Any], bool], left: Told, right: Told) -> Told:
    def told(sight: Sight) -> Any:
        one, other = left(sight), right(sight)
        if one is None or other is None:
            return None
        if type(one) is not type(other):
            raise FormulaTroubleError("kind")
        return how(one, other)

    return told


def _joined(several: Sequence[Told], *, is_and: bool) -> Told:
    """Three values: what decides it alone counts, whatever is not known beside it."""

    def told(sight: Sight) -> Any:
        found = [one(sight) for one in several]
        if any(value is not None and bool(value) is not is_and for value in found):
            return not is_and
        return None if None in found else is_and

    return told


def _over_lines(name: str, table: str, column: str) -> Told:
    def told(sight: Sight) -> Any:
        found = [value for line in sight.lines(table) if (value := line(column)) is not None]
        if name == "COUNT":
            return Decimal(len(found))
        numbers = [_number(value) for value in found]
        if name == "SUM":
            return sum(numbers, Decimal(0))
        if not numbers:
            return None
        return sum(numbers, Decimal(0)) / len(numbers) if name == "AVG" else (min if name == "MIN" else max)(numbers)

    return told


def _round(args: list[Told]) -> Told:
    def told(sight: Sight) -> Any:
        value, places = args[0](sight), int(args[1](sight) or 0) if len(args) > 1 else 0
        return None if value is None else rounded(_number(value), min(max(places, 0), 6))

    return told


def _most(how: Callable[[Any], Any]) -> Callable[[list[Told]], Told]:
    def made(args: list[Told]) -> Told:
        def told(sight: Sight) -> Any:
            found = [one(sight) for one in args]
            return None if None in found else how([_number(value) for value in found])

        return told

    return made


def _if(args: list[Told]) -> Told:
    def told(sight: Sight) -> Any:
        condition = args[0](sight)
        return None if condition is None else args[1](sight) if condition else args[2](sight)

    return told


def _days(args: list[Told]) -> Told:
    def told(sight: Sight) -> Any:
        first, last = args[0](sight), args[1](sight)
        if first is None or last is None:
            return None
        if not isinstance(first, date) or not isinstance(last, date):
            raise FormulaTroubleError("kind")
        return Decimal((last - first).days)

    return told


def rounded(value: Decimal, places: int) -> Decimal:
    """四舍五入."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, EXACT) + 0


_FUNCTIONS: dict[str, Callable[[list[Told]], Told]] = {
    "ROUND": _round,
    "ABS": lambda args: lambda sight: None if (value := args[0](sight)) is None else abs(_number(value)),
    "IF": _if,
    "BLANK": lambda args: lambda sight: args[0](sight) is None,
    "DAYS": _days,
    "MIN": _most(min),
    "MAX": _most(max),
}
