"""What services of surveys refuse."""

from portal.foundation.errors import PortalError


class SurveysError(PortalError):
    """A sentence for the person who asked."""


class DrawnMeanwhileError(SurveysError):
    """Somebody else changed the same question meanwhile."""


class ClosedError(SurveysError):
    """It takes no answer: not yet, not any more, or not from this one again."""
