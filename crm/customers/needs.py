"""A need for goods that somebody hears of who does not sell: it goes to the app that sells, which registers itself; both see its fate."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from crm.customers.models import Customer


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of it, in words; `url` only for who may open it."""

    label: str
    tone: str = ""
    url: str = ""


class Take(Protocol):
    """Within the caller's transaction; returns the key by which the taker knows it. `origin` is a code and a key of the giver: `request:12`."""

    def __call__(self, *, actor: Any, customer: Customer, text: str, origin: str) -> int: ...


@dataclass(frozen=True, slots=True)
class NeedTaker:
    take: Take
    fate: Callable[[int, Any], Fate | None]


_takers: list[NeedTaker] = []
_origins: dict[str, Callable[[int, Any], Fate | None]] = {}


def register_need_taker(taker: NeedTaker) -> None:
    """Refuses a second one: a need goes to one place."""
    if _takers:
        raise ValueError("two takers of needs")
    _takers.append(taker)


def need_taker() -> NeedTaker | None:
    return _takers[0] if _takers else None


def register_need_origin(code: str, tell: Callable[[int, Any], Fate | None]) -> None:
    """`tell(key, user)` says what has become of the thing out of which a need came."""
    if code in _origins:
        raise ValueError(f"two origins {code!r}")
    _origins[code] = tell


def origin_of(origin: str, user: Any) -> Fate | None:
    code, _colon, key = origin.partition(":")
    return _origins[code](int(key), user) if code in _origins and key.isdigit() else None
