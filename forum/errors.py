"""What the forum refuses, in a sentence for the person who asked."""

from portal.foundation.errors import PortalError


class ForumError(PortalError):
    pass


class TooManyPostsError(ForumError):
    """Too much in too short a time."""


class HeldWordsError(ForumError):
    """It has words that a moderator looks at first."""


class DecidedError(ForumError):
    """Another moderator was first."""
