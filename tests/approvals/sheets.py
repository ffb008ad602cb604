"""A kind with lines for tests: needs by item, a column that a step fills in, checks, a period; and a second that pulls from it."""

from typing import Any

from portal.approvals.models import PaperKind
from portal.approvals.services.kinds import publish_kind
from tests.approvals.writing import make_kind, person, step
from tests.cast import Cast


def column(key: str, kind: str, zh: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "type": kind, "label": {"zh": zh, "en": key}} | more


NEED_FIELDS: list[dict[str, Any]] = [
    column("title", "text", "事由", role="title", required=True),
    column("period", "month", "期间", role="period", required=True),
    column("rate", "number", "损耗率", places=1, unit="%"),
    column("stocked", "number", "库存合计", places=3, formula="SUM(lines.stock)"),
    column("total", "money", "金额合计", role="amount", formula="SUM(lines.amount)"),
]
NEED_TABLE: dict[str, Any] = {
    "key": "lines",
    "label": {"zh": "明细", "en": "Lines"},
    "once": ["item"],
    "facts": {"item": "item", "quantity": "need", "amount": "amount", "price": "price"},
    "columns": [
        column("item", "item", "物料", required=True),
        column("output", "number", "计划产量", places=3, required=True),
        column("per", "number", "单耗", places=3, required=True),
        column("need", "number", "需求", places=3, formula="output * per * (1 + rate / 100)"),
        column("stock", "number", "库存", places=3, later=True),
        column("short", "number", "净需求", places=3, formula="MAX(0, need - stock)"),
        column("share", "number", "占比", places=2, formula="100 * stock / need"),
        column("price", "number", "单价", places=4),
        column("amount", "money", "金额", formula="need * price", sum=True),
        column("day", "day", "需用日"),
        column("why", "text", "原因"),
    ],
    "checks": [
        {"at": "day", "test": "DAYS(TODAY, day) >= 0", "says": {"zh": "需用日已经过去。", "en": "This day has passed."}},
        {"at": "why", "test": "price <= 100 or not BLANK(why)", "says": {"zh": "单价超过 100，写明原因。", "en": "Say why it costs more than 100."}},
    ],
}


def need_kind(cast: Cast, *steps: dict[str, Any], prefix: str = "物需") -> PaperKind:
    """The head approves, then 张强 fills in the stock, then the director decides."""
    kind = make_kind(step("head", {"by": "requester_head"}), code="need", prefix=prefix)
    route = steps or (
        step("head", {"by": "requester_head"}),
        step("store", person(cast.operator), type="fill", writes={"lines.stock": True}),
        step("director", person(cast.director)),
    )
    return publish_kind(kind, fields=NEED_FIELDS, tables=[NEED_TABLE], steps=list(route), actor=None)


def buy_kind(cast: Cast) -> PaperKind:
    kind = make_kind(step("head", {"by": "requester_head"}), code="buy", prefix="采计")
    fields = [field for field in NEED_FIELDS if field["key"] in ("title", "total")]
    table = {
        "key": "lines",
        "label": {"zh": "明细", "en": "Lines"},
        "facts": {"item": "item", "quantity": "quantity", "amount": "amount", "price": "price"},
        "pull": {"kind": "need", "table": "lines", "columns": {"item": "item"}, "quantity": "quantity", "of": "short", "limit": 105},
        "columns": [
            column("item", "item", "物料", required=True),
            column("quantity", "number", "数量", places=3, required=True),
            column("ceiling", "number", "限价", places=4, lookup="ceiling"),
            column("price", "number", "单价", places=4, required=True),
            column("amount", "money", "金额", formula="quantity * price", sum=True),
            column("why", "text", "原因"),
        ],
        "checks": [{"at": "why", "test": "price <= ceiling or not BLANK(why)", "says": {"zh": "高于限价，写明原因。", "en": "Above the ceiling: say why."}}],
    }
    return publish_kind(kind, fields=fields, tables=[table], steps=[step("head", {"by": "requester_head"})], actor=None)


def posted(lines: list[dict[str, Any]], *, key: str = "lines", **heads: Any) -> dict[str, Any]:
    """A form with lines as a browser sends it."""
    data: dict[str, Any] = {f"{key}-rows": str(len(lines))}
    for number, line in enumerate(lines):
        data |= {f"{key}-{number}-{name}": value for name, value in line.items()}
    return data | heads
