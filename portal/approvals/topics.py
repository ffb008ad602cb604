"""What pages listen to: one paper, and a person's own list."""

from typing import Any

from portal.access.policies import visible_to
from portal.approvals.models import Paper
from portal.live.topics import register_topic


def _number(key: str) -> int:
    return int(key) if key.isascii() and key.isdigit() and len(key) <= 18 else 0


def _sees(user: Any, key: str) -> bool:
    return visible_to(Paper, user).filter(pk=_number(key)).exists()


def _last_event(user: Any, key: str) -> int:
    return Paper.objects.filter(pk=_number(key)).values_list("last_event", flat=True).first() or 0


register_topic("paper", _sees, _last_event)
register_topic("papers", lambda user, key: _number(key) == user.pk, is_of_person=True)
