"""What services of activities refuse."""

from portal.foundation.errors import PortalError


class ActivitiesError(PortalError):
    """A sentence for the person who asked."""
