"""Kinds of notifications. Modules register theirs in `notifications.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """`sentence` is a format with the names of the words that are given to `notify`; it is said in the reader's language."""

    code: str
    label: Words
    sentence: Words
    icon: str = "bell"

    def say(self, words: Mapping[str, Any]) -> str:
        return str(self.sentence) % words


_kinds: dict[str, NotificationKind] = {}


def register_kind(kind: NotificationKind) -> NotificationKind:
    if kind.code in _kinds:
        raise ValueError(f"two kinds of notification {kind.code!r}")
    _kinds[kind.code] = kind
    return kind


def kind_of(code: str) -> NotificationKind | None:
    """None for a kind of a module that is no longer there."""
    return _kinds.get(code)
