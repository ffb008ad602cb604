"""Two who write on one notice, or one in two windows: nobody's words are lost."""

import re

import pytest
from django.urls import reverse

from bulletin.services.boards import delegate_publishing, end_delegation
from portal.accounts.models import User
from portal.organization.querysets import today
from portal.pages.drafts import draft_stamp
from portal.pages.services import retract_page, save_draft
from tests.bulletin.short_form import only, sent, typed, update
from tests.bulletin.writing import draft, write

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


@pytest.mark.parametrize("extra", [{}, {"autosave": "1"}])
def test_whose_delegation_ends_while_they_write_gets_back_what_they_typed_and_nothing_else(client, cast, board, extra):
    delegation = delegate_publishing(cast.quality, cast.operator, starts_on=today(), ends_on=today(), actor=cast.head)
    written = draft(board, cast.head, body="<p>李敏的草稿</p>")
    began = sent(written, cast, title="我的标题", body='<p onclick="x()">我写到一半</p>', action="save") | extra
    end_delegation(delegation, actor=cast.head)
    client.force_login(cast.operator)
    answer = client.post(update(written), began)
    assert answer.status_code == 404
    if extra:
        assert "您填写的内容还在" in answer.json()["error"]
        return
    page = answer.content.decode()
    assert "我的标题" in page
    assert "我写到一半" in page
    assert "onclick" not in page
    assert "李敏的草稿" not in page
    assert client.get(update(written)).status_code == 404
    assert only().get_latest_revision_as_object().body == "<p>李敏的草稿</p>"


def test_who_corrects_what_is_retracted_meanwhile_gets_back_what_they_typed(as_head, cast, board):
    notice = write(board, cast.head)
    began = sent(notice, cast, body="<p>更正到一半</p>", action="save", change_note="改")
    retract_page(notice, reason="重复", actor=cast.deputy)
    answer = as_head.post(update(notice), began)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "更正到一半" in page
    assert "请另写一条" in page or "撤下" in page


def test_what_is_too_long_to_be_a_text_is_given_back_as_it_was_sent(client, cast, board):
    written = draft(board, cast.head)
    client.force_login(cast.operator)
    answer = client.post(update(written), sent(written, cast, body="<p>甲</p>" * 150_000, action="save"))
    assert answer.status_code == 404
    assert "&lt;p&gt;甲" in answer.content.decode()
