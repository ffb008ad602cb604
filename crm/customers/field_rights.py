"""Rights per field of a customer's file: parts that are for who writes it, and for those who look customers up and were given that part.

Name, number, kind, address and licence stand open to whoever may look customers up. The parts here do not: the page, the list with its filters and
files, and who calls ask the same rule. A part of an app above (what they owe) has its own capability there.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.customers.capabilities import KEEP_CUSTOMERS, READ_CUSTOMERS
from portal.access.registry import has_capability, register_capability

PHONES, TIERS, DEALINGS, DOSSIER = "phones", "tiers", "dealings", "dossier"
PARTS = {
    PHONES: register_capability(
        "customers.read_phones",
        _("Read telephone numbers of shops"),
        _("Of customers that somebody may look up: order takers, drivers. People's own numbers are not among them."),
    ),
    TIERS: register_capability(
        "customers.read_tiers", _("Read tiers of customers"), _("Tier and grade of customers that somebody may look up, and how they are cared for.")
    ),
    DEALINGS: register_capability(
        "customers.read_dealings", _("Read dealings with customers"), _("What was said to customers that somebody may look up, and what was promised.")
    ),
    DOSSIER: register_capability(
        "customers.read_dossier",
        _("Read the dossiers of customers"),
        _("Agreements, certificates and what is known of the business, of customers that somebody may look up."),
    ),
}
ACTIONS = {
    PHONES: _("see the telephone of the shop"),
    TIERS: _("see the tier"),
    DEALINGS: _("see what was said"),
    DOSSIER: _("see the dossier"),
}


def holds_part(user: Any, part: str) -> bool:
    """Was this person given the part for every customer that they may look up?"""
    return has_capability(user, KEEP_CUSTOMERS) or has_capability(user, PARTS[part])


def sees_everywhere(user: Any, part: str) -> bool:
    """Does this person see the part at every customer that they see? A column of a list is shown to them alone."""
    return holds_part(user, part) or not has_capability(user, READ_CUSTOMERS)
