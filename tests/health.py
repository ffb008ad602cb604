"""What operators are told, as `/readyz` says it."""

from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import override

from portal.runtime.health import Finding


def said_by(ask: Callable[[], Finding]) -> Finding:
    with override("en"):
        found = ask()
        return replace(found, detail=str(found.detail))
