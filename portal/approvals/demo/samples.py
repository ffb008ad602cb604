"""What the plant's own papers say in the demo: the values of each kind, and what its steps fill in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """`department` begins it; `filled` are values that steps write, by path, the same in every line."""

    code: str
    department: str
    values: dict[str, Any]
    lines: list[Line] = field(default_factory=list)
    filled: Mapping[str, Any] = field(default_factory=dict)


def samples(month: str, day: date, *, ids: Mapping[str, int]) -> list[Sample]:
    """One of each kind, in the order in which they follow from each other. `ids` are of the departments by code, and of a `buyer`."""
    soon = (day + timedelta(days=24)).isoformat()
    periodic: dict[str, Any] = {"title": None, "period": month}
    return [
        Sample(
            "sales-plan", "SAL", periodic | {"note": "含元旦前备货。"},
            [
                {"brand": "金叶（硬红）", "grade": "2", "last_year": "3100.00", "sold": "2980.00", "stock": "420.00", "plan": "3200.00", "price": "19800.00"},
                {"brand": "金叶（软蓝）", "grade": "3", "last_year": "2000.00", "plan": "2600.00", "price": "12600.00", "reason": "新增两个地区"},
                {"brand": "金叶（细支）", "grade": "1", "last_year": "1350.00", "sold": "1290.00", "plan": "1400.00", "price": "27500.00"},
            ],
            {"lines.approved": "2400.00"},
        ),
        Sample(
            "material-needs", "PRD", periodic,
            [
                _need("10102", "卷烟纸 60CU", "27 mm", "盘", "硬红", "3200.000", "0.6500", "2.00", soon, ids["MAK"]),
                _need("10301", "丝束 3.0Y/32000", "3.0Y", "kg", "硬红", "3200.000", "6.1000", "1.50", soon, ids["FIL"]),
                _need("10301", "丝束 3.0Y/32000", "3.0Y", "kg", "软蓝", "2600.000", "6.1000", "1.50", soon, ids["FIL"]),
                _need("10702", "瓦楞纸箱", "五层", "只", "硬红", "3200.000", "5.0000", "0.20", soon, ids["MAK"]),
            ],
            {"lines.stock": "800.000", "lines.transit": "0.000", "lines.safety": "300.000"},
        ),
        Sample(
            "ceilings", "PUR", periodic,
            [
                {"item": "丝束 3.0Y/32000", "last_ceiling": "39.8000", "market_1": "40.2000", "source": "行业网", "proposed": "39.8000"},
                {"item": "瓦楞纸箱", "last_ceiling": "7.0000", "last_average": "6.8500", "proposed": "7.0000"},
            ],
            {"lines.approved": "39.8000"},
        ),
        Sample(
            "purchase-plan", "PUR", {"title": f"{month} 辅料采购计划", "month": month},
            [
                {"item": "丝束 3.0Y/32000", "unit": "kg", "quantity": "12000.000", "price": "40.6000", "method": "fixed", "supplier": "江海纤维", "day": soon,
                 "reason": "醋片涨价，三家报价中这是最低价"},
                {"item": "瓦楞纸箱", "spec": "五层", "unit": "只", "quantity": "9000.000", "price": "6.8500", "method": "compare", "supplier": "顺达纸箱",
                 "day": soon},
            ],
        ),
        Sample(
            "price-review", "PUR", {"title": "丝束价格申报"},
            [
                {"item": "丝束 3.0Y/32000", "quantity": "12000.000", "supplier_1": "江海纤维", "quote_1": "40.9000", "supplier_2": "华纤", "quote_2": "41.2000",
                 "supplier_3": "南纤", "quote_3": "41.5000", "last_price": "39.5000", "declared": "40.9000"},
            ],
            {"lines.reviewed": "40.6000"},
        ),
        Sample(
            "inspection", "QUA",
            {"title": "丝束到货检验", "item": "丝束 3.0Y/32000", "supplier": "江海纤维", "batch": "J261103", "received": "6000.000", "conclusion": "concession",
             "reason": "含水率略高，不影响使用", "sampling": "一般检验水平 II", "aql": "1.500", "sample": "80"},
            [
                {"subject": "单丝线密度", "grade": "A", "low": "2.900", "high": "3.100", "measured": "3.010"},
                {"subject": "含水率", "grade": "B", "high": "6.500", "measured": "6.700"},
            ],
            {"stored": "6000.000", "returned": "0.000"},
        ),
        Sample(
            "feedback", "MAK",
            {"title": "接装纸色差明显", "item": "接装纸 印金", "supplier": "锦华印务", "batch": "J1120", "category": "quality", "severity": "heavy",
             "text": "同一托盘里三盘颜色偏深，换盘后正常。", "lost": "1.50", "loss": "4200.00"},
            filled={"cause": "供应商换了油墨批次", "measure": "退换三盘，要求先送小样。", "claim": "4200.00", "until": soon},
        ),
        Sample(
            "plan-report", "PLN", periodic,
            [
                {"subject": "卷烟产量（箱）", "planned": "7200.00", "actual": "7010.00", "department": ids["PRD"]},
                {"subject": "丝束采购（kg）", "planned": "12000.00", "actual": "10800.00", "department": ids["PUR"], "reason": "供应商检修",
                 "measure": "分两批补齐", "until": soon},
            ],
        ),
        Sample(
            "price-control", "AUD", periodic,
            [{"item": "丝束 3.0Y/32000", "supplier": "江海纤维", "contract": "HT-2611-08", "quantity": "6000.000", "reviewed": "40.6000", "paid": "40.9000"}],
            {"lines.answer": "按到货日结算价执行，已与供应商协商补差。"},
        ),
        Sample(
            "finance-basis", "FIN", periodic | {"ledger": "243600.00"},
            [{"item": "丝束 3.0Y/32000", "supplier": "江海纤维", "received": "243600.00", "quantity": "6000.000", "last_average": "41.0000",
              "payable": "121800.00"}],
            {"lines.checked": "243600.00"},
        ),
        Sample(
            "audit-basis", "AUD", periodic,
            [
                {"indicator": "计划完成率", "weight": "40.0", "target": "100.00", "actual": "96.00", "mark": "90.0"},
                {"indicator": "批次合格率", "weight": "60.0", "target": "98.00", "actual": "97.50", "mark": "95.0"},
            ],
        ),
        Sample("assessment", "ENT", periodic, [{"person": ids["buyer"], "score": "93.00", "grade": "A", "award": "800.00", "remark": "比价规范"}]),
    ]  # fmt: skip


def reply_sample(result_id: int) -> Sample:
    """The reply to a result that was approved."""
    return Sample("assessment-reply", "OFF", {"title": "关于采购考核结果的批复", "result": result_id, "conclusion": "同意按报批表兑现。", "amount": "800.00"})


def _need(code: str, item: str, spec: str, unit: str, brand: str, output: str, per: str, loss: str, day: str, workshop: int) -> Line:
    named = {"code": code, "item": item, "spec": spec, "unit": unit, "brand": brand}
    return named | {"output": output, "per": per, "loss": loss, "day": day, "lead": "10", "workshop": workshop}


def filled_in(sample: Sample, values: Mapping[str, Any], writes: Mapping[str, bool]) -> dict[str, Any]:
    """What a step writes of a sample."""
    columns = {path.partition(".")[2]: sample.filled[path] for path in writes if "." in path}
    heads = {path: sample.filled[path] for path in writes if "." not in path}
    return heads | ({"lines": [{"uid": line["uid"]} | columns for line in values["lines"]]} if columns else {})
