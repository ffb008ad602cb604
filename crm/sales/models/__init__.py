"""Leads; opportunities with their stages, rivals and steps; quotations in versions."""

from crm.sales.models.opportunities import Lead, Opportunity, Rival, StageSpan, Step
from crm.sales.models.quotations import Quotation, QuotationLine, QuotationVersion
from crm.sales.models.stages import SaleKind, Stage

__all__ = [
    "Lead", "Opportunity", "Quotation", "QuotationLine", "QuotationVersion", "Rival", "SaleKind", "Stage", "StageSpan", "Step",
]  # fmt: skip
