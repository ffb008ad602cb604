"""Capabilities: rights that belong to no single thing. Modules register theirs in `capabilities.py`."""

from dataclasses import dataclass
from typing import Any

from portal.access.policies import Words
from portal.access.rules import ADMINISTRATORS
from portal.access.standings import standing_of


@dataclass(frozen=True, slots=True)
class Capability:
    code: str
    label: Words
    explanation: Words


_capabilities: dict[str, Capability] = {}


def register_capability(code: str, label: Words, explanation: Words) -> str:
    """Make a capability known, so that administrators can grant it; returns its code."""
    if code in _capabilities:
        raise ValueError(f"two capabilities {code!r}")
    _capabilities[code] = Capability(code, label, explanation)
    return code


def all_capabilities() -> list[Capability]:
    return sorted(_capabilities.values(), key=lambda capability: capability.code)


def has_capability(user: Any, code: str) -> bool:
    """Administrators hold every capability; others by the audience that was granted it. No query of its own."""
    if code not in _capabilities:
        raise LookupError(f"no capability {code!r}")
    if not user.is_authenticated or not user.is_active:
        return False
    return user.is_superuser or standing_of(user).has_capability(code)


def tokens_of_holders(code: str) -> list[str]:
    """Whoever holds a capability has one of these in their standing."""
    if code not in _capabilities:
        raise LookupError(f"no capability {code!r}")
    return [f"cap:{code}", ADMINISTRATORS]
