"""What is said on a visit goes to whoever answers it: the app that takes it registers itself, and both see what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from crm.activities.models import Visit
from crm.customers.needs import Fate


class Take(Protocol):
    """Within the caller's transaction; once for each visit. Says what became of it; None where this person may not hand it on."""

    def __call__(self, visit: Visit, *, actor: Any) -> Fate | None: ...


@dataclass(frozen=True, slots=True)
class OpinionTaker:
    """`fate(visit, user)` is what has become of what was said there; None where it was not handed on."""

    take: Take
    fate: Callable[[Visit, Any], Fate | None]


_takers: list[OpinionTaker] = []


def register_opinion_taker(taker: OpinionTaker) -> None:
    """Refuses a second one: what is said goes to one place."""
    if _takers:
        raise ValueError("two takers of opinions")
    _takers.append(taker)


def opinion_taker() -> OpinionTaker | None:
    return _takers[0] if _takers else None


def fate_of(visit: Visit, user: Any) -> Fate | None:
    taker = opinion_taker()
    return taker.fate(visit, user) if taker is not None else None
