"""Notices as tests write them."""

from typing import Any

from bulletin.models import DepartmentBoard, Notice
from bulletin.services.notices import create_notice
from portal.access.models import Audience
from portal.access.rules import AudienceRule
from portal.pages.drafts import draft_stamp
from portal.pages.services import publish_draft, save_draft


def audience(*include: str, exclude: tuple[str, ...] = (), level: int = 0) -> Audience:
    return Audience.objects.for_rule(AudienceRule.of(include, exclude, level))


def draft(
    board: DepartmentBoard, author: Any, *, title: str = "关于十二月份成品抽检安排的通知", body: str = "<p>各机组提前备样。</p>", **values: Any
) -> Notice:
    """A notice that waits to be published, for the whole department unless an audience is given."""
    kind = values.pop("kind", Notice.Kind.NOTICE)
    notice = create_notice(board, actor=author, kind=kind)
    save_draft(notice, actor=author, values={"title": title, "body": body, **values}, seen=None)
    return Notice.objects.get(pk=notice.pk)


def write(board: DepartmentBoard, author: Any, **values: Any) -> Notice:
    """A notice that is published."""
    return publish_draft(draft(board, author, **values), actor=author)


def correct(notice: Notice, author: Any, *, change_note: str = "第三条改为每班两次", **values: Any) -> Notice:
    """A later version of a published notice."""
    stored = Notice.objects.select_related("latest_revision").get(pk=notice.pk)
    save_draft(stored, actor=author, values={"change_note": change_note, **values}, seen=draft_stamp(stored))
    return publish_draft(stored, actor=author)
