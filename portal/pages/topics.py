"""What open pages listen to: someone else has saved what is being written here."""

from typing import Any

from wagtail.models import Page

from portal.access.policies import can
from portal.live.topics import register_topic
from portal.pages.models import AudiencedPage


def _may_listen(user: Any, key: str) -> bool:
    page = Page.objects.filter(pk=int(key)).first() if key.isascii() and key.isdecimal() and len(key) < 10 else None
    return page is not None and isinstance(page.specific, AudiencedPage) and can(user, "change", page.specific)


register_topic("page", _may_listen)
