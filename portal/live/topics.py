"""Topics: what a page may listen to. Modules register theirs in `topics.py`, with the rule that says who may."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MayListen = Callable[[Any, str], bool]
Cursor = Callable[[Any, str], int]

TOPIC = re.compile(r"([a-z_]{1,30})(?::([A-Za-z0-9_.-]{1,60}))?")


@dataclass(frozen=True, slots=True)
class Topic:
    may_listen: MayListen
    cursor: Cursor
    is_of_person: bool


_topics: dict[str, Topic] = {}


def register_topic(kind: str, may_listen: MayListen, cursor: Cursor = lambda user, key: 0, *, is_of_person: bool = False) -> None:
    """`may_listen(user, key)` is asked when a page begins to listen to `kind:key`, and again whenever rights change.

    `cursor(user, key)` says how far the topic is, so that a page learns what came between its drawing and its listening.
    `is_of_person`: the key is a person, whose numbers in the frame are counted anew when it is rung.
    """
    if kind in _topics:
        raise ValueError(f"two topics {kind!r}")
    _topics[kind] = Topic(may_listen, cursor, is_of_person)


def may_listen(user: Any, topic: str) -> bool:
    """False also for what is no topic at all."""
    found = _find(topic)
    return found is not None and user.is_authenticated and user.is_active and found[0].may_listen(user, found[1])


def cursor_of(user: Any, topic: str) -> int:
    """How far a topic is; 0 where it has no cursor."""
    found = _find(topic)
    return found[0].cursor(user, found[1]) if found is not None else 0


def kind_and_key(topic: str) -> tuple[str, str] | None:
    match = TOPIC.fullmatch(topic)
    return (match[1], match[2] or "") if match else None


def is_of_person(kind: str) -> bool:
    known = _topics.get(kind)
    return known is not None and known.is_of_person


def _find(topic: str) -> tuple[Topic, str] | None:
    kind, key = kind_and_key(topic) or ("", "")
    known = _topics.get(kind)
    return (known, key) if known else None


def group_of(topic: str) -> str:
    """The channel layer's name for a topic."""
    return "topic." + topic.replace(":", ".")


def person_group(user_id: int) -> str:
    return f"person.{user_id}"


EVERYBODY = "everybody"
