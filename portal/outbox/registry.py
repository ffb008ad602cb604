"""Which function carries out which kind of effect. Modules register theirs in `effects.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Payload = dict[str, Any]
Handler = Callable[[Sequence[Payload]], None]


@dataclass(frozen=True, slots=True)
class Registration:
    kind: str
    run: Handler
    batch: int


_registrations: dict[str, Registration] = {}


def handler(kind: str, *, batch: int = 1) -> Callable[[Handler], Handler]:
    """Register a function for a kind of effect. It gets a list of up to `batch` payloads and must be idempotent:
    after a crash it may be called again with what it has already done."""

    def register(function: Handler) -> Handler:
        if kind in _registrations and _registrations[kind].run is not function:
            raise ValueError(f"two handlers for the effect {kind!r}")
        _registrations[kind] = Registration(kind, function, batch)
        return function

    return register


def registration_for(kind: str) -> Registration | None:
    return _registrations.get(kind)
