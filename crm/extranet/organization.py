"""Outsiders on a customer's page, and for whom they act."""

from typing import Any

from crm.customers.models import Customer
from crm.customers.outsiders import register_firm_of
from crm.customers.panels import Panel, register_customer_panel
from crm.extranet.firms import firm_of
from crm.extranet.models import Account, Invitation
from portal.access.policies import can


def _outsiders(customer: Customer, user: Any) -> dict[str, Any] | None:
    if not can(user, "change", customer):
        return None
    return {
        "accounts": Account.objects.active().of_firm(customer).order_by("-is_first", "created_at"),
        "invitations": Invitation.objects.filter(customer__root=customer.pk, used_at__isnull=True, ended_at__isnull=True),
    }


register_firm_of(firm_of)
register_customer_panel(Panel("outsiders", "crm/extranet/_panel.html", _outsiders, order=90))
