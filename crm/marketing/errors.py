"""What services of marketing refuse."""

from portal.foundation.errors import PortalError


class MarketingError(PortalError):
    """A sentence for the person who asked."""
