"""Refusals of the bulletin board, in words for the person who asked."""

from portal.foundation.errors import PortalError


class PublicationError(PortalError):
    """A notice that cannot be published as it is. `problems` maps the names of fields to what is wrong with each."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class NoticeStateError(PortalError):
    """The notice is not in a state in which this can be done."""
