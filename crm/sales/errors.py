"""What services of sales refuse."""

from portal.foundation.errors import PortalError


class SalesError(PortalError):
    """A sentence for the person who asked."""


class ReceiptTakenError(SalesError):
    """The receipt is of another expense already."""


class AlikeError(SalesError):
    """It may be the same as another expense; entered again on purpose it is taken."""
