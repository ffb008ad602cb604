"""Refusals of the news desk, in words for the person who asked."""

from portal.foundation.errors import PortalError


class NewsStateError(PortalError):
    """The item, entry or feed is not in a state in which this can be done."""
