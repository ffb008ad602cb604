"""Capabilities of the floors up to here."""

from django.utils.translation import gettext_lazy as _

from portal.access.registry import register_capability

MANAGE_ORGANIZATION = register_capability(
    "organization.manage", _("Keep the roster"), _("Import the roster, change departments, positions, employments and deputies, reset passwords.")
)
READ_AUDIT = register_capability("audit.read", _("Read the record"), _("Search and export who did what."))
EXPLAIN_ACCESS = register_capability("access.explain", _("Ask why"), _("Ask whether a person can see a thing, and read the rule that decides."))
KEEP_GROUPS = register_capability("access.groups", _("Keep groups"), _("Save groups of people for use in audiences."))
