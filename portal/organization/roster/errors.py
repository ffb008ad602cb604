"""What stops a whole import, as against one line."""

from portal.organization.errors import OrganizationError


class RosterError(OrganizationError):
    """The file cannot be used, or the plan cannot be carried out."""
