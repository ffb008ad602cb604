"""Sums over lines: of approved papers that the asker sees, by month, department, item and supplier, the same as adding up by hand."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from portal.approvals.models import LineFact, Paper, PaperKind
from portal.approvals.services.kinds import publish_kind
from portal.approvals.services.others import copy_paper
from portal.approvals.services.undoing import answer_void, ask_void
from portal.approvals.statistics import Asked, dimensions, sums_for
from tests.approvals.writing import approve, make_kind, now, step, submit
from tests.cast import Cast

COLUMNS: list[dict[str, Any]] = [
    {"key": "item", "type": "item", "label": {"zh": "物料"}},
    {"key": "supplier", "type": "supplier", "label": {"zh": "供应商"}},
    {"key": "quantity", "type": "number", "places": 3, "label": {"zh": "数量"}},
    {"key": "price", "type": "number", "places": 2, "label": {"zh": "单价"}},
    {"key": "amount", "type": "money", "formula": "quantity * price", "label": {"zh": "金额"}},
]
FACTS = {key: key for key in ("item", "supplier", "quantity", "price", "amount")}
TABLE: dict[str, Any] = {"key": "lines", "label": {"zh": "明细"}, "columns": COLUMNS, "facts": FACTS}
HEADS: list[dict[str, Any]] = [
    {"key": "title", "type": "text", "role": "title", "required": True, "label": {"zh": "标题"}},
    {"key": "month", "type": "month", "role": "month", "label": {"zh": "月份"}},
]


def buying(cast: Cast, **table: Any) -> PaperKind:
    kind = make_kind(step("a", {"by": "requester_head"}), code="buying", fields=HEADS)
    steps = [step("a", {"by": "requester_head"})]
    publish_kind(kind, fields=HEADS, steps=steps, tables=[TABLE | table], actor=None)
    return PaperKind.objects.select_related("form", "route").get(pk=kind.pk)


def bought(kind: PaperKind, by: Any, month: str, *lines: tuple[str, str, str, str]) -> Paper:
    rows = [dict(zip(("item", "supplier", "quantity", "price"), line, strict=True)) for line in lines]
    return submit(kind, by, text=None, amount=None, title=f"{month} 采购", month=month, lines=rows)


def by_hand(papers: list[Paper], key: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = defaultdict(Decimal)
    for paper in papers:
        content = now(paper).content
        assert content is not None
        for line in content.values["lines"]:
            name = {"month": content.values["month"], "department": paper.department.label}.get(key) or line[key]
            found[name] += Decimal(line["amount"])
    return dict(found)


def test_sums_are_those_of_approved_papers_that_one_sees(cast: Cast, client_for) -> None:
    kind = buying(cast)
    done = [
        bought(kind, cast.inspector, "2026-10", ("丝束", "江海", "100.000", "39.80"), ("纸箱", "华印", "10.000", "5.05")),
        bought(kind, cast.inspector, "2026-11", ("丝束", "江海", "20.000", "40.00"), ("丝束", "南纤", "3.333", "41.11")),
    ]
    bought(kind, cast.inspector, "2026-11", ("丝束", "江海", "999.000", "1.00"))
    for paper in done:
        approve(paper, cast.head, next(task.seat for task in paper.tasks.filter(state="open")))
    table = kind.form.plan.tables[0] if kind.form else None
    assert table is not None
    for by in dimensions(table):
        asked = Asked(kind, table, by, "2026-01", "2026-12")
        for reader in (cast.inspector, cast.head):
            found = {row.label.split(" ")[-1] if by == "department" else row.label: row.amount for row in sums_for(reader, asked)}
            expected = by_hand(done, by)
            assert sorted(found.values()) == sorted(expected.values())  # type: ignore[type-var]
            assert by == "department" or found == expected
        assert sums_for(cast.salesperson, asked) == []
    [first] = sums_for(cast.inspector, Asked(kind, table, "month", "2026-10", "2026-10"))
    assert (first.lines, first.amount) == (2, Decimal("4030.50"))
    item = next(row for row in sums_for(cast.inspector, Asked(kind, table, "item", "2026-01", "2026-12")) if row.label == "丝束")
    assert item.quantity == Decimal("123.333")
    ask_void(done[0], actor=cast.inspector, reason="重复")
    answer_void(done[0], actor=cast.admin, is_agreed=True)
    assert [row.label for row in sums_for(cast.inspector, Asked(kind, table, "month", "2026-01", "2026-12"))] == ["2026-11"]
    assert LineFact.objects.filter(is_counted=True).count() == 2
    page = client_for(cast.inspector).get("/approvals/statistics/?kind=buying.lines&by=supplier&first=2026-01&last=2026-13").content.decode()
    assert "江海" in page
    assert "<svg" in page
    file = client_for(cast.inspector).get("/approvals/statistics/?kind=buying.lines&by=item&export=xlsx")
    assert file["Content-Type"].endswith("spreadsheetml.sheet")
    assert "江海" not in client_for(cast.salesperson).get("/approvals/statistics/?kind=buying.lines&by=supplier").content.decode()


def test_what_is_reserved_is_not_summed_for_whoever_has_a_copy(cast: Cast) -> None:
    columns = [column | {"reserved": True} if column["key"] == "supplier" else column for column in COLUMNS]
    kind = buying(cast, columns=columns)
    paper = bought(kind, cast.inspector, "2026-11", ("丝束", "江海", "1.000", "40.00"))
    approve(paper, cast.head)
    copy_paper(paper, to=[cast.operator], actor=cast.head)
    assert kind.form is not None
    asked = Asked(kind, kind.form.plan.tables[0], "supplier", "2026-01", "2026-12")
    assert sums_for(cast.operator, asked) == []
    assert [row.label for row in sums_for(cast.head, asked)] == ["江海"]
