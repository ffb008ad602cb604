"""Where an act comes from: the request that is being answered, known to `record` without being handed down."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The client's address and browser, the request's id, and whom an administrator is viewing the site as, if so."""

    address: str | None = None
    agent: str = ""
    request_id: str = ""
    on_behalf_of: str = ""


NOWHERE = Origin()
current_origin: ContextVar[Origin] = ContextVar("current_origin", default=NOWHERE)
