"""Leads; opportunities with their stages, rivals and steps; quotations in versions; expenses."""

from crm.sales.models.expenses import Expense, ExpenseAct, ExpenseBound, ExpenseReceipt
from crm.sales.models.opportunities import Lead, Opportunity, Rival, StageSpan, Step
from crm.sales.models.quotations import Quotation, QuotationLine, QuotationVersion
from crm.sales.models.stages import SaleKind, Stage

__all__ = [
    "Expense", "ExpenseAct", "ExpenseBound", "ExpenseReceipt", "Lead", "Opportunity", "Quotation", "QuotationLine", "QuotationVersion", "Rival", "SaleKind",
    "Stage", "StageSpan", "Step",
]  # fmt: skip
