"""What services of plans refuse."""

from portal.foundation.errors import PortalError


class PlansError(PortalError):
    """A sentence for the person who asked."""


class SplitMeanwhileError(PlansError):
    """Somebody else split the same line meanwhile. `state` is what is there now."""

    def __init__(self, sentence: str, state: str) -> None:
        super().__init__(sentence)
        self.state = state
