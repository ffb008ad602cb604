"""Leads; opportunities with their stages, rivals and steps."""

from crm.sales.models.opportunities import Lead, Opportunity, Rival, StageSpan, Step
from crm.sales.models.stages import SaleKind, Stage

__all__ = ["Lead", "Opportunity", "Rival", "SaleKind", "Stage", "StageSpan", "Step"]
