"""What open pages listen to: someone else has saved what is being written here (`page`); what is read here was corrected or taken away (`reading`)."""

from typing import Any

from wagtail.models import Page

from portal.access.policies import can
from portal.live.topics import register_topic
from portal.pages.models import AudiencedPage


def _may(user: Any, action: str, key: str) -> bool:
    page = Page.objects.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 10 else None
    return page is not None and isinstance(page.specific, AudiencedPage) and can(user, action, page.specific)


def _may_write(user: Any, key: str) -> bool:
    return _may(user, "change", key)


def _may_read(user: Any, key: str) -> bool:
    return _may(user, "view", key)


register_topic("page", _may_write)
register_topic("reading", _may_read)
