"""What the organization refuses, in a sentence for the person who asked."""

from portal.foundation.errors import PortalError


class OrganizationError(PortalError):
    """A change of the plant that cannot be."""
