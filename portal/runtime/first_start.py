"""What fills an empty database at the first start, and what is then told to whoever started the portal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SignInHint:
    """A line of the table of sign-ins on the terminal."""

    employee_number: str
    password: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class FirstStart:
    """`fill` is called once, when `is_empty` says so; `sign_ins` are shown at every start while there are any."""

    is_empty: Callable[[], bool]
    fill: Callable[[], None]
    sign_ins: Callable[[], Sequence[SignInHint]]


_registered: list[FirstStart] = []


def register_first_start(first_start: FirstStart) -> None:
    """There is one filler; the app that is loaded last wins."""
    _registered[:] = [first_start]


def registered_first_start() -> FirstStart | None:
    return _registered[0] if _registered else None
