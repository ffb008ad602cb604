"""The short form, as a browser sends it."""

import re

from django.http import HttpResponse
from django.urls import reverse

from bulletin.models import Notice
from portal.access.rules import department_token
from portal.pages.drafts import draft_stamp

NEW = "/bulletin/notices/new/"


def typed(cast, **changes) -> dict:
    """What a browser sends of the form."""
    values = {
        "title": "关于十二月份成品抽检安排的通知",
        "body": "<p>各机组提前备样。</p>",
        "audience_include": [department_token(cast.quality.pk)],
        "audience_level": "0",
        "kind": "notice",
        "allows_comments": "on",
        "pinned_for": "",
        "action": "publish",
    }
    return values | changes


def only() -> Notice:
    return Notice.objects.get()


def sent(notice: Notice, cast, **changes) -> dict:
    return typed(cast, seen=draft_stamp(Notice.objects.select_related("latest_revision").get(pk=notice.pk)), **changes)


def update(notice: Notice) -> str:
    return reverse("bulletin:notice_update", args=[notice.pk])


def key_of(page: HttpResponse) -> str:
    return re.search(r'name="key" value="([0-9a-f]{32})"', page.content.decode())[1]
