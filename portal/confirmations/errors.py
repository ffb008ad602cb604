"""Refusals, in words for the person who asked."""

from portal.foundation.errors import PortalError


class ConfirmationError(PortalError):
    """It is not asked for, not of this person, or not of the version that was read."""
