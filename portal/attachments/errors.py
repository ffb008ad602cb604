"""Why a file is not taken, each in a sentence for the person who sent it."""

from portal.foundation.errors import PortalError


class AttachmentError(PortalError):
    """A refusal; `status` is what HTTP calls it."""

    status = 422


class EmptyFileError(AttachmentError):
    pass


class NameTooLongError(AttachmentError):
    pass


class KindRefusedError(AttachmentError):
    """Of a kind that this plant does not take, or not what its name says."""


class InfectedError(AttachmentError):
    pass


class QuotaError(AttachmentError):
    """Too much that hangs on nothing."""


class NotYoursError(AttachmentError):
    """An attachment that is neither on this thing nor the actor's own loose one."""


class TooLargeError(AttachmentError):
    status = 413


class DiskFullError(AttachmentError):
    status = 507


class UploadConflictError(AttachmentError):
    """The part does not begin where the last one ended."""

    status = 409


class UploadLostError(AttachmentError):
    """What was sent is not there any more, or is not what was sent. The upload is over, and is to begin anew."""

    status = 410
