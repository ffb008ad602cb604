"""Refusals of lists, in sentences for the person who asked."""

from portal.foundation.errors import PortalError


class ListError(PortalError):
    """What was asked of a list cannot be done."""
