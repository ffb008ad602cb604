"""What services of the customers' file refuse."""

from collections.abc import Mapping

from portal.foundation.errors import PortalError


class CustomersError(PortalError):
    """A sentence for the person who asked."""


class ChangedMeanwhileError(CustomersError):
    """Somebody else changed the same fields: `fields` has a sentence for each, `seen` is the version that is known now."""

    def __init__(self, sentence: str, fields: Mapping[str, str], seen: int) -> None:
        super().__init__(sentence)
        self.fields, self.seen = fields, seen
