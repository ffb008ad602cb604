"""The paper by which an order is released (订单放行单)."""

from portal.approvals.shipped.building import DIRECTOR, OWN_HEAD, Raw, field, head_of, kind, needed, step, title, where

CODE = "order-release"
RELEASE: Raw = kind(
    CODE, "订单放行单", "Release of an order", "放行",
    "订单超过信用额度、有逾期货款或超过限量时，由订单页面发起。",
    "For an order above the limit, the cap, or with something overdue; it is begun on the order screen.",
    "shopping-cart", 150, ("SAL",),
) | {
    "fields": [
        title(),
        needed("customer", "text", "客户", "Customer", longest=200),
        needed("order", "long_text", "订单", "Order", longest=20000),
        needed("total", "money", "订单金额", "Sum of the order", role="amount", unit="元"),
        needed("parts", "long_text", "申请放行的内容", "What is to be released", longest=4000),
        field("credit", "money", "超过信用额度", "Above the limit", unit="元"),
        field("overdue", "money", "逾期货款", "Overdue", unit="元"),
        needed("reason", "long_text", "理由", "Reason", longest=400),
    ],
    "steps": [
        step("head", "销售科长审批", "Head of Sales", OWN_HEAD),
        where(("credit", "ge", "0.01"), ("overdue", "ge", "0.01"), then=[step("finance", "财务科审核", "Finance", head_of("FIN"))]),
        where(("credit", "ge", "50000"), ("overdue", "ge", "50000"), then=[step("director", "厂长审批", "Director", DIRECTOR, binds=True)]),
    ],
}  # fmt: skip
