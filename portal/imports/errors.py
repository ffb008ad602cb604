"""What stops a whole import, as against one line."""

from portal.foundation.errors import PortalError


class ImportRefusedError(PortalError):
    """The file cannot be used, or the plan cannot be carried out; the text is a sentence for whoever imports."""
