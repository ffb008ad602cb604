"""For which firm somebody acts."""

from typing import Any

from crm.extranet.models import Account


def firm_of(user: Any) -> int | None:
    """The unmerged file of whose people they are, while their account lasts."""
    return Account.objects.active().filter(user=user.pk).values_list("customer__root", flat=True).first()
