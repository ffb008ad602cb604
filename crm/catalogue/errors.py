"""What services of the catalogue refuse."""

from portal.foundation.errors import PortalError


class CatalogueError(PortalError):
    """A sentence for the person who asked."""
