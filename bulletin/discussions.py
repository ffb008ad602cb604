"""Notices can be discussed; on topics, staff make suggestions, those with the most support first."""

from collections.abc import Mapping, Sequence

from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string

from bulletin.models import Notice
from bulletin.retracted import say_retracted
from portal.discussion.models import Comment
from portal.discussion.registry import NEWEST, SUPPORTED, register_discussable


def _noun(notice: Notice) -> str:
    return "suggestions" if notice.kind == Notice.Kind.TOPIC else "comments"


def _label(notice: Notice) -> str:
    return notice.title


def _order(notice: Notice) -> str:
    return SUPPORTED if notice.kind == Notice.Kind.TOPIC else NEWEST


def _adoptions(notice: Notice, comments: Sequence[Comment]) -> Mapping[int, str]:
    """What the department says of each suggestion; one statement for all. The comments know their adoption from then on."""
    if notice.kind != Notice.Kind.TOPIC:
        return {}
    prefetch_related_objects(list(comments), "adoption__adopted_by")
    return {row.pk: render_to_string("bulletin/_adoption.html", {"adoption": row.adoption}) for row in comments if hasattr(row, "adoption")}


register_discussable(
    Notice,
    url=Notice.get_absolute_url,
    label=_label,
    noun=_noun,
    comment_extras=_adoptions,
    comment_actions="bulletin/_suggestion_actions.html",
    order=_order,
    ended=say_retracted,
)
