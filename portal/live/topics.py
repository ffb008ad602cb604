"""Topics: what a page may listen to. Modules register theirs in `topics.py`, with the rule that says who may."""

import re
from collections.abc import Callable
from typing import Any

MayListen = Callable[[Any, str], bool]

TOPIC = re.compile(r"([a-z_]{1,30})(?::([A-Za-z0-9_.-]{1,60}))?")

_topics: dict[str, MayListen] = {}


def register_topic(kind: str, may_listen: MayListen) -> None:
    """`may_listen(user, key)` is asked when a page begins to listen to `kind:key`, and again whenever rights change."""
    if kind in _topics:
        raise ValueError(f"two topics {kind!r}")
    _topics[kind] = may_listen


def may_listen(user: Any, topic: str) -> bool:
    """False also for what is no topic at all."""
    match = TOPIC.fullmatch(topic)
    rule = _topics.get(match[1]) if match else None
    return bool(match and rule and user.is_authenticated and user.is_active and rule(user, match[2] or ""))


def group_of(topic: str) -> str:
    """The channel layer's name for a topic."""
    return "topic." + topic.replace(":", ".")


def person_group(user_id: int) -> str:
    return f"person.{user_id}"


EVERYBODY = "everybody"
