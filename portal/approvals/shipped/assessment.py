"""The purchasing assessment: its bases, its result, the reply (R75-R78)."""

from portal.approvals.shipped.building import (
    DIRECTOR,
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
)  # fmt: skip

FINANCE_BASIS: Raw = kind(
    "finance-basis", "采购考核依据（财务）", "Basis for the assessment (Finance)", "财考",
    "每月第 8 个工作日前报。", "By working day 8.", "landmark", 110, ("FIN",)
) | {
    "fields": [
        title(),
        period(),
        needed("ledger", "money", "总账入库额", "Received by the ledger", unit="元", checks=[
            check("ledger", "ledger == received", "与明细的入库额合计不符。", "It differs from the sum of the lines."),
        ]),
        field("received", "money", "入库额合计", "Received", role="amount", unit="元", formula="SUM(lines.received)"),
        field("saving", "money", "节约额合计", "Saved", unit="元", negative=True, formula="SUM(lines.saving)"),
        *ending(),
    ],
    "tables": [
        lines(
            [
                needed("item", "item", "物料", "Material"),
                field("supplier", "supplier", "供应商", "Supplier"),
                needed("received", "money", "入库额", "Received", unit="元", sum=True),
                field("invoiced", "money", "发票额", "Invoiced", unit="元", sum=True),
                field("paid", "money", "付款额", "Paid", unit="元", sum=True),
                needed("quantity", "number", "数量", "Quantity", places=3),
                field("last_average", "number", "上年均价", "Last year's average", places=4),
                field("average", "number", "本期均价", "Average", places=4, formula="received / quantity"),
                field("saving", "money", "节约额", "Saved", unit="元", negative=True, formula="(last_average - average) * quantity", sum=True),
                field("payable", "money", "应付", "Payable", unit="元"),
                field("prepaid", "money", "预付", "Prepaid", unit="元"),
                field("checked", "money", "审计复核数", "Checked by Audit", unit="元", later=True, sum=True),
            ],
            facts={"item": "item", "supplier": "supplier", "quantity": "quantity", "price": "average", "amount": "received"},
        )
    ],
    "steps": [
        step("head", "财务科长审批", "Head of Finance", OWN_HEAD),
        fill("audit", "审计员复核", "An auditor checks", post("auditor", "AUD"), {"lines.checked": True}),
        step("audit_head", "审计科长审批", "Head of Audit", head_of("AUD"), binds=True),
    ],
}  # fmt: skip

AUDIT_BASIS: Raw = kind(
    "audit-basis", "采购考核依据（审计）", "Basis for the assessment (Audit)", "审考", "每月第 10 个工作日前报，权重合计 100。",
    "By working day 10; weights add up to 100.", "gauge", 120, ("AUD",),
) | {
    "fields": [
        title(),
        period(),
        field("weights", "number", "权重合计", "Weights", places=1, formula="SUM(lines.weight)", checks=[
            check("weights", "weights == 100", "权重合计不是 100。", "The weights do not add up to 100."),
        ]),
        field("score", "number", "得分合计", "Score", places=2, formula="SUM(lines.points)"),
        *ending(),
    ],
    "tables": [
        lines(
            [
                needed("indicator", "text", "指标", "Indicator"),
                needed("weight", "number", "权重", "Weight", places=1, sum=True),
                needed("target", "number", "目标", "Target", places=2),
                needed("actual", "number", "实际", "Actual", places=2),
                field("source", "text", "依据单据", "Source", longest=80),
                needed("mark", "number", "评分", "Mark", places=1, help={"zh": "百分制。", "en": "Out of 100."}),
                field("points", "number", "得分", "Points", places=2, formula="weight * mark / 100", sum=True),
                field("opinion", "text", "核实意见", "Opinion"),
            ],
            once=["indicator"],
            facts={"item": "indicator", "quantity": "actual"},
            checks=[check("mark", "mark <= 100", "评分不超过 100。", "Marks are 100 at most.")],
        )
    ],
    "steps": [
        step("head", "审计科长审批", "Head of Audit", OWN_HEAD, binds=True),
        step("enterprise", "企管科签收", "Enterprise Management acknowledges", head_of("ENT"), type="acknowledge"),
    ],
}  # fmt: skip

ASSESSMENT: Raw = kind(
    "assessment", "采购考核结果报批表", "Result of the assessment", "考核",
    "涉及个人奖惩，只有审批的人看得到明细。", "About people's pay: only those who decide see the lines.",
    "medal", 130, ("ENT",),
) | {
    "fields": [
        title(),
        period(),
        field("total", "money", "奖惩额合计", "Awards", unit="元", negative=True, reserved=True, formula="SUM(lines.award)"),
        *ending(),
    ],
    "tables": [
        lines(
            [
                needed("person", "person", "被考核人", "Person", reserved=True),
                needed("score", "number", "得分", "Score", places=2, reserved=True),
                choice(
                    "grade", "等级", "Grade", ("A", "优秀", "Excellent"), ("B", "良好", "Good"), ("C", "合格", "Fair"), ("D", "不合格", "Failed"),
                    required=True, reserved=True,
                ),
                needed("award", "money", "奖惩额", "Award", unit="元", negative=True, reserved=True, sum=True),
                field("remark", "text", "说明", "Remark", reserved=True),
            ],
            once=["person"],
            checks=[check("award", "ABS(award) <= 2000", "每人奖惩不超过 2,000 元。", "Up to 2,000 yuan a person.")],
        )
    ],
    "steps": [
        step("head", "企管科长审批", "Head of Enterprise Management", OWN_HEAD),
        step("purchasing", "采购科答复", "Purchasing replies", head_of("PUR"), type="reply"),
        step("finance", "财务科审核", "Finance", head_of("FIN")),
        step("director", "厂长审批", "Director", DIRECTOR, days=3, binds=True),
    ],
    "follow_up": {"code": "assessment-reply", "values": {"result": "paper", "title": "title", "amount": "total"}},
}  # fmt: skip

REPLY: Raw = kind(
    "assessment-reply", "关于考核结果的批复", "Reply to the result of the assessment", "考批",
    "每张报批表一份批复，由厂长签发。", "One for each result, signed by the Director.",
    "file-check", 140, ("OFF", "ENT"),
) | {
    "fields": [
        title(),
        needed("result", "paper", "考核结果报批表", "Result of the assessment", once=True),
        needed("conclusion", "long_text", "批复", "Reply", longest=5000),
        field("amount", "money", "核定奖惩额", "Approved awards", unit="元", reserved=True),
        field("instruction", "text", "批示", "Instruction"),
        field("until", "day", "落实期限", "To be carried out by"),
        field("files", "files", "附件", "Files", binding=True),
    ],
    "steps": [
        step("director", "厂长签发", "The Director signs", DIRECTOR, days=3, binds=True),
        step("enterprise", "企管科落实", "Enterprise Management reports", head_of("ENT"), days=3, type="reply"),
        tell("told", head_of("FIN"), head_of("PUR"), head_of("HR")),
    ],
}  # fmt: skip
