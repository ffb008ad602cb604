"""What operators are told, as `/readyz` says it."""

from collections.abc import Callable
from typing import NamedTuple

from django.utils.translation import override

from portal.runtime.health import Finding


class Said(NamedTuple):
    state: str
    detail: str


def said_by(ask: Callable[[], Finding]) -> Said:
    with override("en"):
        found = ask()
        return Said(found.state, str(found.detail))
