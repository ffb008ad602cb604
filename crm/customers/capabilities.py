"""Rights of the customers' file that belong to no single customer."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

KEEP_CUSTOMERS = register_capability(
    "customers.keep", _("Keep the file of customers"), _("Write the file of every customer, arrange portfolios and say who holds them.")
)
READ_CUSTOMERS = register_capability(
    "customers.read",
    _("Read the file of customers"),
    _("Look up every customer: drivers, order takers, clerks. Further parts of the file are rights of their own."),
)
