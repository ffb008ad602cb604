"""Forms, routes and conditions as data: what they mean, and what is refused before it is published."""

from decimal import Decimal
from typing import Any

import pytest

from portal.approvals.definitions.conditions import holds, read_conditions
from portal.approvals.definitions.forms import read_form
from portal.approvals.definitions.routes import check_route, read_route
from portal.approvals.errors import DefinitionError
from portal.approvals.fields_said import capitals, changed_words, changes_between
from portal.approvals.shipped import shipped_kinds
from tests.approvals.writing import FIELDS, step

HEAD = {"by": "requester_head"}
FORM = read_form(FIELDS)


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [{"key": "title", "type": "text", "role": "title", "label": {"zh": "事由"}}],  # need not be filled in
        [*FIELDS, FIELDS[0]],
        [*FIELDS, {"key": "a b", "type": "text", "label": {"zh": "空格"}}],
        [*FIELDS, {"key": "x", "type": "formula", "label": {"zh": "公式"}}],
        [*FIELDS, {"key": "x", "type": "choice", "label": {"zh": "选择"}}],
        [*FIELDS, {"key": "x", "type": "number", "places": 9, "label": {"zh": "数"}}],
        [*FIELDS, {"key": "x", "type": "money", "role": "amount", "label": {"zh": "又一个金额"}}],
        [*FIELDS, {"key": "x", "type": "text", "label": {"en": "No Chinese"}}],
    ],
)
def test_a_form_that_cannot_be_filled_in_is_refused(fields: list[dict[str, Any]]) -> None:
    with pytest.raises(DefinitionError):
        read_form(fields)


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [step("a", HEAD), step("a", HEAD)],
        [step("revise", HEAD)],
        [step("a", {"by": "oracle"})],
        [step("a", HEAD | {"colour": "red"})],
        [step("a", HEAD, mode="most")],
        [step("a", HEAD, due={"days": 2, "hours": 3})],
        [step("a", HEAD, due={"days": 0})],
        [step("a", groups=[])],
        [step("a", HEAD, type="tell")],  # nobody decides
        [{"type": "choose", "cases": []}, step("a", HEAD)],
        [{"type": "choose", "cases": [{"when": [], "steps": []}]}, step("a", HEAD)],
        [{"type": "choose", "cases": [{"when": [[{"field": "amount", "op": "like", "value": 1}]], "steps": []}]}, step("a", HEAD)],
    ],
)
def test_a_route_that_cannot_work_is_refused(steps: list[dict[str, Any]]) -> None:
    with pytest.raises(DefinitionError):
        read_route(steps)


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "weight", "op": "gt", "value": "1"},
        {"field": "title", "op": "gt", "value": "1"},
        {"field": "amount", "op": "gt", "value": "viel"},
    ],
)
def test_a_route_that_asks_the_form_for_what_it_does_not_have_is_refused(condition: dict[str, Any]) -> None:
    route = read_route([{"type": "choose", "cases": [{"when": [[condition]], "steps": []}]}, step("a", HEAD)])
    with pytest.raises(DefinitionError):
        check_route(route, FORM)
    with pytest.raises(DefinitionError):
        check_route(read_route([step("a", {"by": "field_head", "field": "amount"})]), FORM)


@pytest.mark.parametrize(
    ("op", "value", "amount", "expected"),
    [
        ("ge", "50000", "50000.00", True), ("gt", "50000", "50000.00", False), ("lt", "50000", "49999.99", True), ("le", "50000", "50000.01", False),
        ("eq", "50000", "50000.00", True), ("ne", "50000", None, True), ("gt", "0", None, False), ("lt", "1", None, False),
        ("filled", None, "0.00", True), ("blank", None, None, True), ("in", [Decimal(1)], "1.00", True),
    ],
)  # fmt: skip
def test_conditions_compare_amounts_exactly_and_nothing_is_less_or_more_than_what_is_empty(op: str, value: Any, amount: str | None, expected: bool) -> None:
    assert holds(read_conditions([[{"field": "amount", "op": op, "value": value}]], "here"), FORM, {"amount": amount}) is expected


def test_the_way_is_walked_from_where_one_stands() -> None:
    """What is chosen behind a step is chosen by the values of now; the column in which the step stands stays."""
    large = [[{"field": "amount", "op": "ge", "value": "100"}]]
    choice = {"type": "choose", "cases": [{"when": large, "steps": [step("b", HEAD), step("c", HEAD)]}], "otherwise": [step("d", HEAD)]}
    route = read_route([step("a", HEAD), choice, step("e", HEAD)])

    def after(key: str, amount: str) -> str | None:
        found = route.after(key, FORM, {"amount": amount})
        return found.plan.key if found else None

    assert [after("a", "100"), after("a", "99"), after("b", "1"), after("c", "1"), after("d", "100"), after("e", "1")] == ["b", "d", "c", "e", "e", None]


def test_what_is_shipped_works_and_says_everything_in_both_languages() -> None:
    for shipped in shipped_kinds():
        form, route = read_form(shipped.fields, shipped.tables), read_route(shipped.steps)
        check_route(route, form)
        assert all(field.label_in["en"] != field.label_in["zh"] for field in form)
        columns = [column for table in form.tables for column in table.columns]
        assert all(check.sentence_in["en"] != check.sentence_in["zh"] for table in form.tables for check in table.checks)
        assert all(column.label_in["en"] != column.label_in["zh"] for column in columns)
        assert all(one.label_in["en"] != one.label_in["zh"] for one in route)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("0.05", "伍分"), ("0.50", "伍角整"), ("1.05", "壹元零伍分"), ("10", "壹拾元整"), ("1200.50", "壹仟贰佰元伍角整"),
        ("1139970", "壹佰壹拾叁万玖仟玖佰柒拾元整"), ("10001", "壹万零壹元整"), ("100000001.01", "壹亿零壹元零壹分"), ("20300.40", "贰万零叁佰元肆角整"),
        ("1000200000", "壹拾亿零贰拾万元整"),
    ],
)  # fmt: skip
def test_amounts_in_capitals(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


def test_what_changed_is_said_field_by_field() -> None:
    before, after = {"title": "甲", "amount": "1.00", "text": "一"}, {"title": "甲", "amount": "2000.00", "text": "二"}
    assert changed_words(changes_between(FORM, before, after)) == "内容；金额 1.00 → 2,000.00"
    assert FORM.binding_digest(before) != FORM.binding_digest(after)
    assert FORM.binding_digest(before) == FORM.binding_digest(before | {"text": "二"})
