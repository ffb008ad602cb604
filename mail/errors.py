"""What mail refuses, in a sentence for the person who asked."""

from portal.foundation.errors import PortalError


class MailError(PortalError):
    pass


class RecipientError(MailError):
    """Somebody whom it cannot reach, or nobody at all."""


class FullError(MailError):
    """A mailbox has no room."""


class DraftConflictError(MailError):
    """Another window has saved since."""


class SentError(MailError):
    """It is gone: what was asked comes too late."""
