"""What services of the service desk refuse."""

from portal.foundation.errors import PortalError


class ServiceError(PortalError):
    """A sentence for the person who asked."""
