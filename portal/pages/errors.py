"""Refusals of what is written on pages, in words for the person who asked."""

from portal.foundation.errors import PortalError


class EditConflictError(PortalError):
    """Someone else has saved the page since it was opened here, or has locked it."""


class PageStateError(PortalError):
    """The page is not in a state in which this can be done, or not by this person."""


class AlreadyBegunError(PortalError):
    """The form of a new page was sent twice: what it makes is there."""


class PublicationError(PortalError):
    """A page that cannot be published as it is. `problems` maps the names of fields to what is wrong with each."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems
