"""People of customers' own firms. Which firm somebody acts for is known to the app that signs them in; services below ask here."""

from collections.abc import Callable
from typing import Any

from crm.customers.models import Customer

FirmOf = Callable[[Any], int | None]

_firm_of: list[FirmOf] = []


def register_firm_of(firm_of: FirmOf) -> None:
    """`firm_of(user)` is the key of the unmerged file of the customer for which an outsider acts, or None."""
    if firm_of not in _firm_of:
        _firm_of.append(firm_of)


def acts_for(user: Any, customer: Customer) -> bool:
    """Is this somebody of that customer's own? Never an employee; no query for one."""
    return not user.is_employee and any(firm_of(user) == customer.root_id for firm_of in _firm_of)
