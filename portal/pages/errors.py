"""Refusals of what is written on pages, in words for the person who asked."""

from portal.foundation.errors import PortalError


class EditConflictError(PortalError):
    """Someone else has saved the page since it was opened here, or has locked it."""
