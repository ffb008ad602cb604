"""Quality inspection, and feedback on what was bought (R72, R79)."""

from portal.approvals.shipped.building import (
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
    step,
    title,
    where,
)  # fmt: skip

INSPECTION: Raw = kind(
    "inspection", "质量检验报告", "Quality inspection report", "检报", "到货检验，让步接收另经生产、采购和分管领导。",
    "Of what arrives; a concession goes to Production, Purchasing and the leader in charge too.", "microscope", 90, ("QUA",),
) | {
    "fields": [
        title(),
        needed("item", "item", "物料", "Material"),
        needed("supplier", "supplier", "供应商", "Supplier"),
        needed("batch", "text", "批号", "Batch", longest=40),
        needed("received", "number", "到货量", "Received", places=3),
        field("plan", "paper", "采购计划", "Purchase plan"),
        field("sampling", "text", "抽样方案", "Sampling", longest=60, help={"zh": "GB/T 2828.1，写检查水平。", "en": "GB/T 2828.1, with the level."}),
        field("aql", "number", "AQL", "AQL level", places=3),
        field("sample", "number", "样本量 n", "Sample n"),
        field("accepts", "number", "接收数 Ac", "Accepts Ac"),
        field("rejects", "number", "拒收数 Re", "Rejects Re"),
        field("failed", "number", "不合格项", "Failed", formula="SUM(lines.failed)"),
        field("failed_a", "number", "其中 A 类", "Of class A", formula="SUM(lines.failed_a)"),
        choice(
            "conclusion", "结论", "Conclusion", ("good", "合格", "Passed"), ("bad", "不合格", "Failed"), ("concession", "让步接收", "Concession"),
            required=True, checks=[
                check("conclusion", "conclusion != 'good' or failed_a == 0", "A 类项目不合格，不能判合格。", "An item of class A failed: this is no pass."),
            ],
        ),
        field("reason", "text", "让步理由", "Why a concession", checks=[
            check("reason", "conclusion != 'concession' or not BLANK(reason)", "让步接收，写明理由。", "Say why it is a concession."),
        ]),
        field("stored", "number", "入库量", "Stored", places=3, later=True),
        field("returned", "number", "退货量", "Sent back", places=3, later=True),
        *ending(),
    ],
    "tables": [
        lines(
            [
                needed("subject", "text", "检验项目", "Subject"),
                choice("grade", "类别", "Class", ("A", "A", "A"), ("B", "B", "B"), ("C", "C", "C"), required=True),
                field("low", "number", "下限", "From", places=3, negative=True),
                field("high", "number", "上限", "To", places=3, negative=True),
                needed("measured", "number", "实测", "Measured", places=3, negative=True),
                field("failed", "number", "不合格", "Failed", sum=True,
                    formula="IF((BLANK(low) or measured >= low) and (BLANK(high) or measured <= high), 0, 1)"),
                field("failed_a", "number", "A 类不合格", "Failed in A", formula="IF(grade == 'A', failed, 0)"),
            ],
            once=["subject"],
            facts={"item": "subject", "quantity": "measured"},
        )
    ],
    "steps": [
        step("head", "质检科长审批", "Head of Quality", OWN_HEAD, days=1),
        where(
            ("conclusion", "eq", "concession"),
            then=[
                step("offices", "生产、采购会审", "Production and Purchasing", head_of("PRD"), head_of("PUR"), mode="all", days=1),
                step("leader", "分管领导审批", "Leader in charge", LEADER, days=1),
            ],
        ),
        fill("store", "仓储科办理", "Warehouse stores or sends back", head_of("WHS"), {"stored": True, "returned": True}, days=1, binds=True),
        step("audit", "审计科签收", "Audit acknowledges", head_of("AUD"), days=1, type="acknowledge"),
    ],
}  # fmt: skip

FEEDBACK: Raw = kind(
    "feedback", "采购物资使用反馈单", "Feedback on purchased material", "反馈",
    "用的人发现问题，手机上一分钟报一张。", "Whoever uses it reports what is wrong.",
    "message-square-warning", 100,
) | {
    "fields": [
        title("问题", "What is wrong"),
        needed("item", "item", "物料", "Material"),
        field("supplier", "supplier", "供应商", "Supplier"),
        field("batch", "text", "批号", "Batch", longest=40),
        field("inspection", "paper", "检验报告", "Inspection"),
        choice(
            "category", "类别", "Category", ("quality", "质量", "Quality"), ("quantity", "数量", "Quantity"), ("packing", "包装", "Packing"),
            ("delivery", "交期", "Delivery"), ("service", "服务", "Service"), required=True,
        ),
        choice("severity", "程度", "Severity", ("light", "轻微", "Light"), ("heavy", "较重", "Heavy"), ("stop", "停机", "Line stopped"), required=True),
        needed("text", "long_text", "现象", "What was seen", longest=2000),
        field("lost", "number", "影响产量", "Output lost", places=2, unit="箱"),
        field("loss", "money", "损失", "Loss", unit="元", role="amount"),
        field("files", "files", "照片", "Pictures", binding=True),
        field("cause", "text", "责任", "Cause", later=True),
        field("measure", "long_text", "措施", "Measure", longest=2000, later=True),
        field("claim", "money", "索赔", "Claim", unit="元", later=True),
        field("until", "day", "期限", "Until", later=True),
    ],
    "steps": [
        step("head", "部门负责人审批", "Head of the department", OWN_HEAD, days=1),
        fill(
            "purchasing", "采购科处理", "Purchasing deals with it", head_of("PUR"),
            {"cause": True, "measure": True, "claim": False, "until": True}, days=1,
        ),
        where(("category", "eq", "quality"), then=[step("quality", "质检科核实", "Quality confirms", head_of("QUA"))]),
    ],
}  # fmt: skip
