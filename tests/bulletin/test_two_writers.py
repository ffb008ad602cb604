"""Two who write on one notice, or one in two windows: nobody's words are lost."""

import re

import pytest
from django.urls import reverse

from portal.accounts.models import User
from portal.pages.drafts import draft_stamp
from portal.pages.services import save_draft
from tests.bulletin.short_form import only, sent, typed, update
from tests.bulletin.writing import draft

pytestmark = pytest.mark.django_db


def test_who_writes_in_two_windows_is_told_so(as_head, cast, board):
    written = draft(board, cast.head)
    began = sent(written, cast, body="<p>第二个窗口</p>", action="save")
    as_head.post(update(written), began | {"body": "<p>第一个窗口</p>"})
    answer = as_head.post(update(written), began)
    assert answer.status_code == 409
    assert "您在另一个窗口里保存过" in answer.content.decode()
    assert "第二个窗口" in answer.content.decode()


def test_of_two_writers_the_second_is_shown_both_and_loses_nothing(client, cast, board):
    written = draft(board, cast.head)
    began = sent(written, cast, body="<p>我写的</p>", action="save")
    save_draft(written, actor=cast.head, values={"body": "<p>李敏写的</p>"}, seen=None)
    client.force_login(User.objects.get(pk=cast.deputy.pk))
    for extra, status in (({"autosave": "1"}, 409), ({}, 409)):
        answer = client.post(update(written), began | extra)
        assert answer.status_code == status
        assert only().get_latest_revision_as_object().body == "<p>李敏写的</p>"
    page = answer.content.decode()
    assert "李敏" in page
    assert "我写的" in page
    assert "<ins" in page
    stamp = re.search(r'name="seen" value="([^"]+)"', page)[1]
    assert client.post(update(written), began | {"seen": stamp}).status_code == 302
    assert only().get_latest_revision_as_object().body == "<p>我写的</p>"


def test_another_writer_is_announced_early_and_oneself_is_not(client, cast, board):
    written = draft(board, cast.head)
    seen = draft_stamp(only())
    address = reverse("bulletin:notice_writers", args=[written.pk])
    client.force_login(cast.deputy)
    assert client.get(address, {"seen": seen}).content.strip() == b""
    save_draft(written, actor=cast.head, values={"body": "<p>李敏写的</p>"}, seen=None)
    assert "李敏" in client.get(address, {"seen": seen}).content.decode()
    client.force_login(cast.head)
    assert client.get(address, {"seen": seen}).content.strip() == b""


def test_a_form_that_does_not_say_what_it_began_with_overwrites_nothing(as_head, cast, board):
    written = draft(board, cast.head)
    assert as_head.post(update(written), typed(cast, body="<p>别的</p>", action="save")).status_code == 409
    assert "别的" not in only().get_latest_revision_as_object().body
