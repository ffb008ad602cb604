"""What a discussion refuses."""

from portal.foundation.errors import PortalError


class DiscussionError(PortalError):
    """Something about a comment that its writer can put right."""


class TooManyMentionsError(DiscussionError):
    """One text calls more people than can be told of it at once."""


class TooManyCommentsError(DiscussionError):
    """Too many comments in too short a time."""
