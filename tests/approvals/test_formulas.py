"""Formulas: exact, and nothing but what is on their list."""

from decimal import Decimal
from typing import Any

import pytest

from portal.approvals.computing import compute, sums_of
from portal.approvals.definitions.forms import read_form
from portal.approvals.definitions.formulas import FormulaTroubleError, Sight, read_formula
from portal.approvals.errors import DefinitionError
from tests.approvals.sheets import NEED_FIELDS, NEED_TABLE, column

PLAN = read_form(NEED_FIELDS, [NEED_TABLE])
KNOWN = {"a": Decimal("0.1"), "b": Decimal("0.2"), "none": None, "name": "红", "zero": Decimal(0)}
LINES: list[dict[str, Any]] = [{"x": Decimal(1)}, {"x": None}, {"x": Decimal("2.5")}]


def told(text: str) -> Any:
    sight = Sight(KNOWN.get, lambda _table: [line.get for line in LINES])
    return read_formula(text, "合计").value(sight)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a + b", Decimal("0.3")), ("0.1 + 0.2", Decimal("0.3")), ("-a * 2", Decimal("-0.2")), ("1 / 8", Decimal("0.125")), ("none * 5", None),
        ("none + 5", None), ("a < b", True), ("a < none", None), ("a > b or not BLANK(name)", True), ("a > none or a < b", True), ("a > none and a > b", False),
        ("not none", None), ("BLANK(none)", True), ("IF(a < b, 1, 2)", Decimal(1)), ("IF(none, 1, 2)", None), ("ROUND(2.345, 2)", Decimal("2.35")),
        ("ROUND(-2.5)", Decimal(-3)), ("ABS(a - b)", Decimal("0.1")), ("MAX(0, a - b)", Decimal(0)), ("MIN(a, none)", None), ("name == '红'", True),
        ("SUM(lines.x)", Decimal("3.5")), ("AVG(lines.x)", Decimal("1.75")), ("COUNT(lines.x)", Decimal(2)), ("MAX(lines.x)", Decimal("2.5")),
        ("SUM(lines.y)", Decimal(0)), ("AVG(lines.y)", None),
    ],
)  # fmt: skip
def test_formulas_are_exact_and_what_is_blank_stays_blank(text: str, value: Any) -> None:
    assert told(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "a.b", "a[0]", "a ** 9", "[x for x in a]", "lambda: 1", "f'{a}'", "a if b else a", "open('x')", "SUM(a)", "SUM(lines.x, 1)",
        "1 <a< 2",
        "True", "None", "ROUND()", "1e9", "0x10", "1j", "a; b", "", "a +", "(" * 300, "a" * 501, "(((" * 60,
        "-" * 30 + "a", "a := 1", "*a", "SUM(lines.__class__.x)", "'x'.upper()", "a // b", "a % b", "a is b", "ABS(x=1)",
    ],
)  # fmt: skip
def test_what_is_no_formula_has_its_sentence(text: str) -> None:
    with pytest.raises(DefinitionError, match="合计"):
        read_formula(text, "合计")


@pytest.mark.parametrize(
    ("text", "code"),
    [("a / zero", "division"), ("a / (b - b)", "division"), ("a + name", "kind"), ("a < name", "kind"), ("9" * 18 + " * 99", "size")],
)
def test_what_cannot_be_reckoned_says_why(text: str, code: str) -> None:
    with pytest.raises(FormulaTroubleError) as found:
        told(text)
    assert found.value.code == code


def test_formulas_that_name_what_is_not_there_or_need_each_other_are_refused() -> None:
    for formulas in ({"x": "nowhere + 1"}, {"x": "SUM(lines.nowhere)"}, {"x": "y + 1", "y": "x + 1"}, {"x": "x"}):
        fields = [*NEED_FIELDS, *(column(key, "number", key, formula=formula) for key, formula in formulas.items())]
        with pytest.raises(DefinitionError):
            read_form(fields, [NEED_TABLE])


def test_lines_are_rounded_and_then_summed_and_what_is_not_known_yet_is_blank() -> None:
    lines = [{"uid": f"line{number}", "item": "丝束", "output": "3.000", "per": "0.335", "price": "1.0000"} for number in range(3)]
    found = compute(PLAN, {"rate": "0", "lines": lines, "total": "999.00"})
    assert [line["amount"] for line in found.values["lines"]] == ["1.01"] * 3
    assert found.values["total"] == "3.03", "the sum of what is printed, whatever was sent"
    assert (found.values["lines"][0]["short"], found.values["stocked"]) == (None, "0.000")
    assert not found.troubles
    assert sums_of(PLAN.tables[0], found.values["lines"]) == {"amount": Decimal("3.03")}
    [trouble] = compute(PLAN, {"rate": "0", "lines": [lines[0] | {"output": "0", "stock": "1"}]}).troubles
    assert (trouble.table, trouble.line, trouble.key) == ("lines", 0, "share")
