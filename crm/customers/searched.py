"""What stands in the search under a customer follows the customer: who may find it is who may see that file."""

from collections.abc import Collection
from typing import Any

from django.db.models import Model, Q

from crm.customers.models import Customer
from portal.search.services import touch

_following: list[Any] = []


def follow_customers(model: type[Model]) -> None:
    """A searched model with a `customer`, of an app above."""
    if model not in _following:
        _following.append(model)


def touch_customers(ids: Collection[int]) -> None:
    """These files have changed, were merged or moved, and with them what hangs on them."""
    touch(Customer, ids)
    for model in _following:
        touch(model, model._default_manager.filter(Q(customer__in=ids) | Q(customer__root__in=ids)).values_list("pk", flat=True))
