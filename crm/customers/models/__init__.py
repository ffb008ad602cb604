"""Portfolios and who holds them; customers, their people and how they are reached, and merges of their files; what was said and promised."""

from crm.customers.models.customers import Contact, ContactVersion, Customer, CustomerVersion, ReachPoint, ReachPointVersion
from crm.customers.models.dealings import Dealing
from crm.customers.models.merges import Merge
from crm.customers.models.portfolios import Portfolio, PortfolioHolding

__all__ = ["Contact", "ContactVersion", "Customer", "CustomerVersion", "Dealing", "Merge", "Portfolio", "PortfolioHolding", "ReachPoint", "ReachPointVersion"]
