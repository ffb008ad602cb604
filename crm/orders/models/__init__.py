"""Orders with their lines and what was handled of them; credit accounts with their ledger, receivables and payments; caps; releases."""

from crm.orders.models.accounts import CreditAccount, CreditEntry, Payment, PaymentUse, Receivable
from crm.orders.models.bounds import DueBounds
from crm.orders.models.orders import Cap, Handling, HandlingLine, Order, OrderLine
from crm.orders.models.releases import Release

__all__ = [
    "Cap",
    "CreditAccount",
    "CreditEntry",
    "DueBounds",
    "Handling",
    "HandlingLine",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentUse",
    "Receivable",
    "Release",
]
