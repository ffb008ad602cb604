"""Whom a post calls with @: whoever may read where it stands."""

from django.db import models

from portal.access.policies import viewers_of
from portal.discussion.mentions import Mentioned, find_mentioned
from portal.foundation.rich_text import to_text


def mentioned_in(body: str, place: models.Model) -> Mentioned:
    """`place` is the thread of the post, or the board on which it begins one."""
    return find_mentioned(to_text(body), viewers_of(place)) if "@" in body or "＠" in body else Mentioned()
