"""What services of sales refuse."""

from portal.foundation.errors import PortalError


class SalesError(PortalError):
    """A sentence for the person who asked."""
