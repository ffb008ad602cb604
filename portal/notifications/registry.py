"""Kinds of notifications. Modules register theirs in `notifications.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from portal.foundation.language import is_chinese

Words = str | Promise


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """`sentence` is a format with the names of the words that are given to `notify`; it is said in the reader's language, a name that has an
    English one beside it (`department`, `department_en`) too. `without` is what is said where a word is not given, by the word's name.

    `asks_nothing`: it says nothing but what is public or the recipient's own. Every other one is about something, or says what its reader needs to hold.
    """

    code: str
    label: Words
    sentence: Words
    icon: str = "bell"
    asks_nothing: bool = False
    without: Mapping[str, Words] = field(default_factory=dict)

    def say(self, words: Mapping[str, Any]) -> str:
        if not is_chinese():
            words = {name: words.get(f"{name}_en") or word for name, word in words.items()}
        sentence = next((one for name, one in self.without.items() if not words.get(name)), self.sentence)
        return str(sentence) % words


_kinds: dict[str, NotificationKind] = {}


def register_kind(kind: NotificationKind) -> NotificationKind:
    if kind.code in _kinds:
        raise ValueError(f"two kinds of notification {kind.code!r}")
    _kinds[kind.code] = kind
    return kind


def all_notification_kinds() -> list[NotificationKind]:
    return list(_kinds.values())


def kind_of(code: str) -> NotificationKind | None:
    """None for a kind of a module that is no longer there."""
    return _kinds.get(code)


@dataclass(frozen=True, slots=True)
class Subject:
    """What bells say of a thing: `words` are those of the version that its readers see now, `ends_at` when they stop seeing it."""

    words: Callable[[Any], Mapping[str, Any]]
    ends_at: Callable[[Any], datetime | None] = lambda about: None


_subjects: dict[type[Model], Subject] = {}


def register_subject(model: type[Model], subject: Subject) -> None:
    """For a model whose things change after they were told of; whoever changes one calls `renew_bells` in the same transaction."""
    _subjects[model] = subject


def subject_of(model: type[Model]) -> Subject | None:
    return _subjects.get(model)
