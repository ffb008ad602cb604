"""Sales plan, material requirements, purchase plan, report on the month (R67-R70)."""

from portal.approvals.shipped.building import (
    DIRECTOR,
    LEADER,
    OWN_HEAD,
    Raw,
    check,
    choice,
    ending,
    field,
    fill,
    head_of,
    kind,
    lines,
    needed,
    period,
    post,
    step,
    tell,
    title,
    where,
)  # fmt: skip

CLASSES = (
    ("1", "一类", "Class 1"), ("2", "二类", "Class 2"), ("3", "三类", "Class 3"), ("4", "四类", "Class 4"), ("5", "五类", "Class 5"),
)  # fmt: skip
METHODS = (
    ("tender", "招标", "Tender"), ("compare", "比价", "Comparison"), ("fixed", "定点", "Fixed supplier"), ("small", "零星", "Small purchase"),
)  # fmt: skip
CLASS_OF_PRICE = "IF(price / 250 >= 100, '1', IF(price / 250 >= 70, '2', IF(price / 250 >= 30, '3', IF(price / 250 >= 16.5, '4', '5'))))"

SALES_PLAN: Raw = kind(
    "sales-plan", "销售计划表", "Monthly sales plan", "销计", "每月 20 日前报下月销售计划。", "Next month's sales, by the 20th.", "trending-up", 20, ("SAL",)
) | {
    "fields": [
        title(),
        period(),
        field("planned", "number", "计划合计", "Planned", places=2, unit="箱", formula="SUM(lines.plan)"),
        field("last", "number", "上年同期合计", "Last year", places=2, unit="箱", formula="SUM(lines.last_year)"),
        field("off", "number", "与上年相差", "Off last year", places=1, unit="%", formula="100 * ABS(planned - last) / last"),
        field("total", "money", "计划额合计", "Total", role="amount", unit="元", formula="SUM(lines.amount)"),
        *ending(),
    ],
    "tables": [
        lines(
            [
                needed("brand", "item", "牌号规格", "Brand"),
                choice("grade", "价类", "Price class", *CLASSES, required=True),
                field("last_year", "number", "上年同期", "Last year", places=2, unit="箱", sum=True),
                field("sold", "number", "上月实销", "Sold last month", places=2, unit="箱", sum=True),
                field("stock", "number", "期初库存", "Opening stock", places=2, unit="箱"),
                needed("plan", "number", "本月计划", "Plan", places=2, unit="箱", sum=True),
                field("plan_1", "number", "次月计划", "Month after", places=2, unit="箱"),
                field("plan_2", "number", "再次月", "Second month after", places=2, unit="箱"),
                needed("price", "money", "调拨价", "Price", unit="元/箱"),
                field("amount", "money", "计划额", "Amount", unit="元", formula="plan * price", sum=True),
                field("change", "number", "增减", "Change", places=1, unit="%", negative=True, formula="100 * (plan - last_year) / last_year"),
                field("reason", "text", "原因", "Reason"),
                field("approved", "number", "核定量", "Approved", places=2, unit="箱", later=True, sum=True),
            ],
            once=["brand"],
            facts={"item": "brand", "quantity": "plan", "price": "price", "amount": "amount"},
            checks=[
                check("reason", "ABS(change) <= 20 or not BLANK(reason)", "与上年相差超过 20%，写明原因。", "More than 20 % off last year: say why."),
                check("grade", f"grade == {CLASS_OF_PRICE}", "价类与调拨价不符。", "The class does not fit the price."),
            ],
        )
    ],
    "steps": [
        step("head", "销售科长审批", "Head of Sales", OWN_HEAD),
        where(("off", "gt", "10"), then=[step("leader", "分管领导审批", "Leader in charge", LEADER)]),
        fill("planner", "计划员核定", "Planner approves quantities", post("planner", "PLN"), {"lines.approved": True}),
        step("planning", "计划科长审批", "Head of Planning", head_of("PLN"), binds=True),
        tell("told", head_of("PRD"), head_of("FIN")),
    ],
}

MATERIAL_NEEDS: Raw = kind(
    "material-needs", "物料需求计划", "Material requirements", "物需", "每月 22 日前按销售计划报。", "By the 22nd, from the sales plan.", "boxes", 30, ("PRD",)
) | {
    "fields": [title(), period(), *ending()],
    "tables": [
        lines(
            [
                field("code", "text", "物料编码", "Code", longest=30),
                needed("item", "item", "物料", "Material"),
                field("spec", "text", "规格", "Specification", longest=60),
                needed("unit", "text", "单位", "Unit", longest=10),
                field("brand", "text", "牌号", "Brand", longest=60),
                needed("output", "number", "计划产量", "Output", places=3, unit="箱"),
                needed("per", "number", "单耗", "Per case", places=4),
                field("loss", "number", "损耗率", "Loss", places=2, unit="%"),
                field("need", "number", "需求", "Need", places=3, formula="output * per * (1 + IF(BLANK(loss), 0, loss) / 100)"),
                field("stock", "number", "库存", "Stock", places=3, later=True),
                field("transit", "number", "在途", "In transit", places=3, later=True),
                field("safety", "number", "安全库存", "Safety stock", places=3, later=True),
                field("net", "number", "净需求", "Net need", places=3, formula="MAX(0, need + safety - stock - transit)"),
                needed("day", "day", "需用日", "Needed on"),
                field("lead", "number", "提前期", "Lead time", unit="天"),
                field("workshop", "department", "车间", "Workshop"),
            ],
            once=["item", "spec", "brand"],
            facts={"item": "item", "quantity": "need"},
            pull={"kind": "sales-plan", "columns": {"brand": "brand", "output": "approved"}},
            checks=[
                check("day", "DAYS(TODAY, day) >= IF(BLANK(lead), 0, lead)", "来不及：早于今天加提前期。", "Too early: before today and the lead time."),
            ],
        )
    ],
    "steps": [
        step("head", "生产科长审批", "Head of Production", OWN_HEAD, days=3),
        fill(
            "store", "仓储科填库存", "Warehouse fills in stock", head_of("WHS"), {"lines.stock": True, "lines.transit": True, "lines.safety": True}, days=3
        ),
        step("planning", "计划科长审批", "Head of Planning", head_of("PLN"), days=3, binds=True),
    ],
}  # fmt: skip

PURCHASE_PLAN: Raw = kind(
    "purchase-plan",
    "采购计划",
    "Purchase plan",
    "采计",
    "从批准的物料需求计划带入。",
    "Pulled from approved material requirements.",
    "shopping-cart",
    40,
    ("PLN", "PUR"),
) | {
    "fields": [
        title(),
        needed("month", "month", "月份", "Month", role="month"),
        field("total", "money", "金额合计", "Total", role="amount", unit="元", formula="SUM(lines.amount)"),
        field("above", "money", "高于限价合计", "Above ceilings", unit="元", formula="SUM(lines.above)"),
        *ending(),
    ],
    "tables": [
        lines(
            [
                needed("item", "item", "物料", "Material"),
                field("spec", "text", "规格", "Specification", longest=60),
                field("unit", "text", "单位", "Unit", longest=10),
                needed("quantity", "number", "计划量", "Quantity", places=3),
                field("ceiling", "number", "限价", "Ceiling", places=4, lookup="ceiling"),
                needed("price", "number", "预算价", "Price", places=4),
                field("amount", "money", "金额", "Amount", unit="元", formula="quantity * price", sum=True),
                field("above", "money", "超限价额", "Above the ceiling", unit="元", formula="MAX(0, price - ceiling) * quantity"),
                choice("method", "方式", "Method", *METHODS, required=True),
                field("supplier", "supplier", "拟供应商", "Supplier"),
                needed("day", "day", "到货日", "Arrives on"),
                field("reason", "text", "原因", "Reason"),
            ],
            facts={"item": "item", "supplier": "supplier", "quantity": "quantity", "price": "price", "amount": "amount"},
            pull={
                "kind": "material-needs",
                "columns": {"item": "item", "spec": "spec", "unit": "unit", "day": "day"},
                "quantity": "quantity",
                "of": "net",
                "limit": 105,
            },
            checks=[check("reason", "price <= ceiling or not BLANK(reason)", "预算价高于限价，写明原因。", "Above the ceiling price: say why.")],
        )
    ],
    "steps": [
        step("head", "科长审批", "Head of the department", OWN_HEAD, days=3),
        where(("total", "ge", "100000"), ("above", "gt", "0"), then=[step("finance", "财务审批", "Finance", head_of("FIN"), days=3)]),
        where(("total", "ge", "500000"), ("above", "gt", "0"), then=[step("leader", "分管领导审批", "Leader in charge", LEADER, days=3, binds=True)]),
        where(("total", "ge", "2000000"), then=[step("director", "厂长审批", "Director", DIRECTOR, days=3, binds=True)]),
        step("purchasing", "采购科签收", "Purchasing acknowledges", head_of("PUR"), days=3, type="acknowledge"),
    ],
}

PLAN_REPORT: Raw = kind(
    "plan-report", "计划执行情况报告", "Report on the month's plan", "计执", "每月第 5 个工作日前报上月执行情况。", "On the month before, by working day 5.",
    "clipboard-check", 50, ("PLN",),
) | {
    "fields": [title(), period(), *ending()],
    "tables": [
        lines(
            [
                needed("subject", "text", "项目", "Subject"),
                needed("planned", "number", "计划", "Planned", places=2),
                needed("actual", "number", "实际", "Actual", places=2),
                field("rate", "number", "完成率", "Fulfilled", places=1, unit="%", formula="100 * actual / planned"),
                field("planned_sum", "number", "累计计划", "Planned so far", places=2),
                field("actual_sum", "number", "累计实际", "Actual so far", places=2),
                field("rate_sum", "number", "累计完成率", "Fulfilled so far", places=1, unit="%", formula="100 * actual_sum / planned_sum"),
                field("gap", "number", "差异", "Gap", places=2, formula="actual - planned"),
                needed("department", "department", "责任部门", "Department"),
                field("reason", "text", "原因", "Reason"),
                field("measure", "text", "措施", "Measure"),
                field("until", "day", "期限", "Until"),
            ],
            once=["subject", "department"],
            facts={"item": "subject", "quantity": "actual"},
            checks=[
                check("reason", "(rate >= 95 and rate <= 110) or not BLANK(reason)", "低于 95% 或高于 110%，写明原因。", "Below 95 % or above 110 %: say why."),
            ],
        )
    ],
    "steps": [
        step("departments", "责任部门核实", "The departments reply", {"by": "field_head", "field": "lines.department"}, mode="all", type="reply"),
        step("planning", "计划科长审批", "Head of Planning", head_of("PLN")),
        step("director", "厂长批示", "The Director's instruction", DIRECTOR, type="reply", binds=True),
    ],
}  # fmt: skip
