"""Portfolios and who holds them; customers, their people and how they are reached, tiers, merges, imports; what was said and promised."""

from crm.customers.models.customers import Contact, ContactVersion, Customer, CustomerVersion, ReachPoint, ReachPointVersion
from crm.customers.models.dealings import Dealing
from crm.customers.models.dossiers import DossierEntry
from crm.customers.models.intakes import Intake, IntakeRow
from crm.customers.models.merges import Merge
from crm.customers.models.pairs import Pair
from crm.customers.models.portfolios import Portfolio, PortfolioHolding
from crm.customers.models.tiers import StageTactic, Tier, TierCare, TierDecision, TierSpan, TierSpanVersion

__all__ = [
    "Contact", "ContactVersion", "Customer", "CustomerVersion", "Dealing", "DossierEntry", "Intake", "IntakeRow", "Merge", "Pair", "Portfolio",
    "PortfolioHolding", "ReachPoint", "ReachPointVersion", "StageTactic", "Tier", "TierCare", "TierDecision", "TierSpan", "TierSpanVersion",
]  # fmt: skip
