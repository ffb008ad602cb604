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


_topics: dict[str, Topic] = {}


def register_topic(kind: str, may_listen: MayListen, cursor: Cursor = lambda user, key: 0) -> None:
    """`may_listen(user, key)` is asked when a page begins to listen to `kind:key`, and again whenever rights change.

    `cursor(user, key)` says how far the topic is, so that a page learns what came between its drawing and its listening.
    """
    if kind in _topics:
        raise ValueError(f"two topics {kind!r}")
    _topics[kind] = Topic(may_listen, cursor)


def may_listen(user: Any, topic: str) -> bool:
    """False also for what is no topic at all."""
    found = _find(topic)
    return found is not None and user.is_authenticated and user.is_active and found[0].may_listen(user, found[1])


def cursor_of(user: Any, topic: str) -> int:
    """How far a topic is; 0 where it has no cursor."""
    found = _find(topic)
    return found[0].cursor(user, found[1]) if found is not None else 0


def _find(topic: str) -> tuple[Topic, str] | None:
    match = TOPIC.fullmatch(topic)
    known = _topics.get(match[1]) if match else None
    return (known, match[2] or "") if match and known else None


def group_of(topic: str) -> str:
    """The channel layer's name for a topic."""
    return "topic." + topic.replace(":", ".")


def person_group(user_id: int) -> str:
    return f"person.{user_id}"


EVERYBODY = "everybody"
