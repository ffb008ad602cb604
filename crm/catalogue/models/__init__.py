"""Brands and products; price lists and their versions; warehouses, the ledger of the stock and what is planned to come in."""

from crm.catalogue.models.checks import LedgerCheck
from crm.catalogue.models.costs import Cost
from crm.catalogue.models.prices import PriceLine, PriceList, PriceVersion
from crm.catalogue.models.products import Brand, Product
from crm.catalogue.models.stock import Stock, StockEntry, Supply, Warehouse

__all__ = ["Brand", "Cost", "LedgerCheck", "PriceLine", "PriceList", "PriceVersion", "Product", "Stock", "StockEntry", "Supply", "Warehouse"]
