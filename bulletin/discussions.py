"""Notices can be discussed; on topics, staff make suggestions."""

from bulletin.models import Notice
from portal.discussion.registry import register_discussable


def _noun(notice: Notice) -> str:
    return "suggestions" if notice.kind == Notice.Kind.TOPIC else "comments"


def _label(notice: Notice) -> str:
    return notice.title


register_discussable(Notice, url=Notice.get_absolute_url, label=_label, noun=_noun)
