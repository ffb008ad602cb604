"""Who may see how many have confirmed may listen to it."""

import re
from typing import Any

from portal.access.policies import can, visible_to
from portal.confirmations.registry import confirmable_of_type
from portal.live.topics import register_topic

KEY = re.compile(r"(\d{1,9})-(\d{1,18})")


def topic_of(type_id: int, object_id: int) -> str:
    return f"confirmed:{type_id}-{object_id}"


def _may_listen(user: Any, key: str) -> bool:
    match = KEY.fullmatch(key)
    confirmable = confirmable_of_type(int(match[1])) if match else None
    if match is None or confirmable is None:
        return False
    thing = visible_to(confirmable.model, user).filter(pk=int(match[2])).first()
    return thing is not None and can(user, "report", thing)


register_topic("confirmed", _may_listen)
