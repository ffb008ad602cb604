"""What open pages listen to: someone else has saved what is being written here."""

from typing import Any

from bulletin.models import Notice
from bulletin.publishing import publishing_departments
from portal.live.topics import register_topic


def _may_listen(user: Any, key: str) -> bool:
    return key.isdecimal() and len(key) < 10 and Notice.objects.filter(pk=int(key), department__in=publishing_departments(user)).exists()


register_topic("notice", _may_listen)
