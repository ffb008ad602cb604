"""Kinds of notifications. Modules register theirs in `notifications.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from portal.foundation.language import is_chinese

Words = str | Promise


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """`sentence` is a format with the names of the words that are given to `notify`; it is said in the reader's language, a name that has an
    English one beside it (`department`, `department_en`) too."""

    code: str
    label: Words
    sentence: Words
    icon: str = "bell"

    def say(self, words: Mapping[str, Any]) -> str:
        if not is_chinese():
            words = {name: words.get(f"{name}_en") or word for name, word in words.items()}
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
