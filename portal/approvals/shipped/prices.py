"""Price declaration with its notice, ceiling prices, price control (R71, R73, R74)."""

from portal.approvals.shipped.building import (
    DIRECTOR,
    OWN_HEAD,
    Raw,
    check,
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


def _quotation(number: int) -> list[Raw]:
    """Quotations are for those who decide."""
    return [
        field(f"supplier_{number}", "supplier", f"供应商 {number}", f"Supplier {number}", reserved=True),
        field(f"quote_{number}", "number", f"报价 {number}", f"Quotation {number}", places=4, reserved=True),
    ]


PRICE_REVIEW: Raw = kind(
    "price-review", "价格申报审核单", "Price declaration and review", "价审", "采购前申报价格，批准后作价格审核通知。",
    "Before buying; once approved it is the notice of the price.", "badge-percent", 60, ("PUR",),
) | {
    "fields": [
        title(),
        field("total", "money", "申报额合计", "Declared", role="amount", unit="元", formula="SUM(lines.amount)"),
        field("cut", "money", "核减额合计", "Cut", unit="元", negative=True, formula="SUM(lines.cut)"),
        field("above", "number", "高于限价", "Above ceilings", places=4, formula="SUM(lines.above)"),
        *ending(),
    ],
    "tables": [
        lines(
            [
                needed("item", "item", "物料", "Material"),
                field("spec", "text", "规格", "Specification", longest=60),
                needed("quantity", "number", "数量", "Quantity", places=3),
                *_quotation(1),
                *_quotation(2),
                *_quotation(3),
                field("last_price", "number", "上次价", "Last price", places=4),
                field("market", "number", "市场价", "Market", places=4),
                field("source", "text", "市场价来源", "Source", longest=80),
                field("ceiling", "number", "限价", "Ceiling", places=4, lookup="ceiling"),
                needed("declared", "number", "申报价", "Declared", places=4),
                field("amount", "money", "申报额", "Amount", unit="元", formula="quantity * declared", sum=True),
                field("reason", "text", "理由", "Reason"),
                field("reviewed", "number", "审核价", "Reviewed", places=4, later=True),
                field("cut", "money", "核减额", "Cut", unit="元", negative=True, formula="(declared - reviewed) * quantity", sum=True),
                field("above", "number", "超限价", "Above", places=4, formula="MAX(0, reviewed - ceiling)"),
            ],
            facts={"item": "item", "supplier": "supplier_1", "quantity": "quantity", "price": "reviewed", "amount": "amount"},
            checks=[
                check(
                    "quote_3", "quantity * declared < 100000 or not (BLANK(quote_1) or BLANK(quote_2) or BLANK(quote_3))",
                    "10 万元以上要三家报价。", "From 100,000 yuan on three quotations are needed.",
                ),
                check(
                    "reason", "declared <= MIN(quote_1, quote_2, quote_3) or not BLANK(reason)", "申报价高于最低报价，写明理由。",
                    "Above the lowest quotation: say why.",
                ),
            ],
        )
    ],
    "steps": [
        step("head", "采购科长审批", "Head of Purchasing", OWN_HEAD),
        fill("review", "价格审核员核价", "The reviewer sets prices", post("planner", "PLN"), {"lines.reviewed": True}),
        step("planning", "计划科长审批", "Head of Planning", head_of("PLN")),
        where(
            ("above", "gt", "0"), ("total", "ge", "500000"),
            then=[
                step("group", "价格小组会审", "Price group", head_of("PLN"), head_of("FIN"), head_of("AUD"), mode="all"),
                step("director", "厂长审批", "Director", DIRECTOR, binds=True),
            ],
        ),
        step("purchasing", "采购科签收", "Purchasing acknowledges", head_of("PUR"), type="acknowledge"),
        tell("told", head_of("FIN"), head_of("AUD")),
    ],
}  # fmt: skip

CEILINGS: Raw = kind(
    "ceilings", "主要原料最高限价表", "Ceiling prices of main materials", "限价", "每月 25 日前报下月限价，批准后约束采购计划和价格申报。",
    "By the 25th; once approved they bind purchase plans and declarations.", "shield-check", 70, ("PUR",),
) | {
    "fields": [title(), period(), *(
        one | ({"checks": [check("files", "MAX(lines.rise) <= 5 or not BLANK(files)", "涨幅超过 5%，附依据。", "A rise of more than 5 % needs a file.")]}
               if one["key"] == "files" else {})
        for one in ending()
    )],
    "tables": [
        lines(
            [
                needed("item", "item", "物料", "Material"),
                field("spec", "text", "规格", "Specification", longest=60),
                field("last_ceiling", "number", "上月限价", "Last ceiling", places=4),
                field("last_average", "number", "上月均价", "Last average", places=4),
                field("market_1", "number", "市场价 1", "Market 1", places=4),
                field("market_2", "number", "市场价 2", "Market 2", places=4),
                field("source", "text", "来源", "Source", longest=80),
                needed("proposed", "number", "拟限价", "Proposed", places=4),
                field("rise", "number", "涨跌", "Change", places=1, unit="%", negative=True, formula="100 * (proposed - last_ceiling) / last_ceiling"),
                field("reason", "text", "理由", "Reason"),
                field("approved", "number", "批准限价", "Approved", places=4, later=True),
            ],
            once=["item"],
            facts={"item": "item", "price": "approved"},
            ceilings=True,
            checks=[check("reason", "rise <= 5 or not BLANK(reason)", "涨幅超过 5%，写明理由。", "A rise of more than 5 %: say why.")],
        )
    ],
    "steps": [
        step("head", "采购科长审批", "Head of Purchasing", OWN_HEAD),
        step("offices", "计划、财务、审计会审", "Planning, Finance and Audit", head_of("PLN"), head_of("FIN"), head_of("AUD"), mode="all"),
        fill("director", "厂长批准", "The Director sets them", DIRECTOR, {"lines.approved": True}, binds=True),
        tell("told", head_of("PUR"), head_of("PLN"), head_of("FIN"), head_of("AUD")),
    ],
}  # fmt: skip

PRICE_CONTROL: Raw = kind(
    "price-control", "价格控制情况报告", "Report on price control", "价控", "每月第 8 个工作日前报。", "By working day 8.", "scale", 80, ("AUD",)
) | {
    "fields": [title(), period(), field("over", "money", "超价额合计", "Overspent", role="amount", unit="元", formula="SUM(lines.over)"), *ending()],
    "tables": [
        lines(
            [
                needed("item", "item", "物料", "Material"),
                field("supplier", "supplier", "供应商", "Supplier"),
                field("contract", "text", "合同/发票号", "Contract or invoice", longest=60),
                needed("quantity", "number", "数量", "Quantity", places=3),
                field("ceiling", "number", "限价", "Ceiling", places=4, lookup="ceiling"),
                field("reviewed", "number", "审核价", "Reviewed", places=4),
                needed("paid", "number", "执行价", "Paid", places=4),
                field(
                    "over", "money", "超价额", "Overspent", unit="元", sum=True,
                    formula="MAX(0, paid - IF(BLANK(ceiling), reviewed, IF(BLANK(reviewed), ceiling, MIN(ceiling, reviewed)))) * quantity",
                ),
                field("person", "text", "责任人", "Responsible", longest=40),
                field("remark", "text", "说明", "Remark"),
                field("advice", "text", "建议", "Advice"),
                field("answer", "text", "采购科答复", "Purchasing's answer", later=True),
            ],
            facts={"item": "item", "supplier": "supplier", "quantity": "quantity", "price": "paid", "amount": "over"},
            pull={"kind": "price-review", "columns": {"item": "item", "quantity": "quantity", "reviewed": "reviewed"}},
        )
    ],
    "steps": [
        step("head", "审计科长审批", "Head of Audit", OWN_HEAD),
        fill("purchasing", "采购科答复", "Purchasing answers", head_of("PUR"), {"lines.answer": False}),
        step("director", "厂长批示", "The Director's instruction", DIRECTOR, type="reply", binds=True),
        tell("told", head_of("ENT"), head_of("FIN")),
    ],
}  # fmt: skip
