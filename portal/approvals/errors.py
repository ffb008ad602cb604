"""What the services of papers refuse."""

from portal.foundation.errors import PortalError


class PaperError(PortalError):
    """A refusal in a sentence."""


class DecidedMeanwhileError(PaperError):
    """Somebody else was quicker, or the way has gone on: what was pressed is not there any more (409)."""


class ChangedMeanwhileError(PaperError):
    """The paper does not say any more what was read (409)."""


class DrawnMeanwhileError(PaperError):
    """Somebody else has changed the drawing since it was looked at (409)."""


class NotYoursError(PaperError):
    """The task does not belong to a seat that this person holds today, or the paper is their own (403)."""


class NobodyError(PaperError):
    """There is nobody in the plant who could decide."""


class DefinitionError(ValueError):
    """A form or a route that cannot work; the text says where."""
