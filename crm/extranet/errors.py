"""What services of the customers' site refuse."""

from portal.foundation.errors import PortalError


class ExtranetError(PortalError):
    """A sentence for whoever asked, inside or outside."""


class TooManyError(ExtranetError):
    """Tried more often than is taken."""
