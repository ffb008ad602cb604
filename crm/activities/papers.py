"""The paper by which aid to customers is decided jointly (客户慰问救助审批单)."""

from portal.approvals.shipped.building import DIRECTOR, OWN_HEAD, Raw, field, head_of, kind, lines, needed, step, title, where

CODE = "care-aid"
AID: Raw = kind(
    CODE, "客户慰问救助审批单", "Aid for customers", "慰问", "由慰问活动页面发起，电话摸底之后会签决定。",
    "Begun on the page of a campaign of care, once customers were asked by telephone.", "heart-handshake", 152, ("SAL",),
) | {
    "fields": [
        title(),
        needed("care", "text", "慰问活动", "Campaign of care", longest=100),
        needed("survey", "text", "电话摸底情况", "What the survey found", longest=400),
        needed("damage", "money", "损失合计", "Damage in all", unit="元"),
        needed("amount", "money", "救助合计", "Aid in all", role="amount", unit="元"),
        needed("reason", "long_text", "理由", "Why", longest=1000),
    ],
    "tables": [
        lines(
            [
                needed("customer", "text", "客户", "Customer", longest=120),
                field("harm", "text", "受损情况", "Harmed", longest=60),
                field("damage", "text", "损失", "Damage", longest=40),
                field("needs", "text", "需要", "Needed", longest=300),
                needed("aid", "text", "拟给予的帮助", "Aid", longest=200),
                field("worth", "text", "折合金额", "Worth", longest=40),
            ]
        )
    ],
    "steps": [
        step("head", "部门负责人审批", "Head of the department", OWN_HEAD),
        step("joint", "财务科、计划科会签", "Finance and Planning jointly", head_of("FIN"), head_of("PLN"), mode="all"),
        where(("amount", "ge", "20000"), then=[step("director", "厂长审批", "Director", DIRECTOR, binds=True)]),
    ],
}  # fmt: skip
