"""What the calendar refuses, in a sentence for the person who asked."""

from portal.foundation.errors import PortalError


class CalendarError(PortalError):
    """A change of the calendar that cannot be."""
