"""The paper by which a greater expense is approved (营销费用审批单)."""

from portal.approvals.shipped.building import DIRECTOR, OWN_HEAD, Raw, field, head_of, kind, needed, step, title, where

CODE = "sales-expense"
SPENDING: Raw = kind(
    CODE, "营销费用审批单", "Expense of selling", "营费", "由费用页面发起，超过限额的费用使用。",
    "Begun on the page of an expense that is above the bound.", "receipt-text", 151, ("SAL",),
) | {
    "fields": [
        title(),
        needed("expense", "text", "费用编号", "Expense", longest=20),
        needed("customer", "text", "客户", "Customer", longest=200),
        needed("kind", "text", "费用类别", "Kind of expense", longest=60),
        needed("amount", "money", "金额", "Sum", role="amount", unit="元"),
        needed("spent_on", "day", "发生日期", "Spent on"),
        needed("text", "text", "用途", "What for", longest=200),
        field("invoice", "text", "发票号码", "Invoice", longest=40),
        field("files", "files", "票据", "Receipts", binding=True),
    ],
    "steps": [
        step("head", "部门负责人审批", "Head of the department", OWN_HEAD),
        step("finance", "财务科审核", "Finance", head_of("FIN")),
        where(("amount", "ge", "50000"), then=[step("director", "厂长审批", "Director", DIRECTOR, binds=True)]),
    ],
}  # fmt: skip
