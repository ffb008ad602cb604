"""Who may see a thing may listen to its discussion."""

import re
from typing import Any

from portal.access.policies import visible_to
from portal.discussion.models import Discussion
from portal.discussion.registry import discussable_of_type
from portal.live.topics import register_topic

KEY = re.compile(r"(\d{1,9})-(\d{1,18})")


def _may_listen(user: Any, key: str) -> bool:
    match = KEY.fullmatch(key)
    discussable = discussable_of_type(int(match[1])) if match else None
    return bool(match and discussable and visible_to(discussable.model, user).filter(pk=int(match[2])).exists())


def _cursor(user: Any, key: str) -> int:
    match = KEY.fullmatch(key)
    if match is None:
        return 0
    return Discussion.objects.filter(about_type=int(match[1]), about_id=int(match[2])).values_list("cursor", flat=True).first() or 0


register_topic("discussion", _may_listen, _cursor)
