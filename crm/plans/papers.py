"""The paper by which a plan of sales and its split are decided (R67), of any period and measure; the monthly plan by brand is another form."""

from portal.approvals.shipped.building import LEADER, OWN_HEAD, Raw, ending, field, head_of, kind, lines, needed, step, tell, title

CODE = "sales-target"
TARGET: Raw = kind(
    CODE, "销售计划分解表", "Plan of sales, split", "销计分", "由销售计划页面发起，分解到部门和个人。",
    "Begun on the page of a plan of sales; split down to departments and persons.", "trending-up", 21, ("SAL",),
) | {
    "fields": [
        title(),
        needed("plan", "text", "计划", "Plan", longest=200),
        needed("version", "text", "版本", "Version", longest=20),
        needed("total", "text", "计划合计", "Total", longest=40),
        needed("reason", "text", "编制或调整理由", "Why", longest=200),
        *ending(),
    ],
    "tables": [
        lines(
            [
                needed("who", "text", "部门或个人", "Department or person", longest=120),
                needed("amount", "text", "计划", "Plan", longest=40),
                field("held_back", "text", "预留", "Held back", longest=40),
                field("weight", "text", "分解依据", "Split by", longest=60),
            ]
        )
    ],
    "steps": [
        step("head", "销售科长审批", "Head of Sales", OWN_HEAD),
        step("leader", "分管领导审批", "Leader in charge", LEADER),
        step("planning", "计划科长审批", "Head of Planning", head_of("PLN"), binds=True),
        tell("told", head_of("FIN")),
    ],
}  # fmt: skip
