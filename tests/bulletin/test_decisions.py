"""A second person decides on the text that they have seen, and nobody is asked for what is decided already or not theirs to decide."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bulletin.models import Notice
from bulletin.services.boards import delegate_publishing, keep_board
from portal.accounts.models import User
from portal.notifications.models import Notification
from portal.organization.querysets import today
from portal.outbox.services import drain
from portal.pages.approval import approve_page, send_back_page, submit_page, take_back_page, waiting_for
from portal.pages.drafts import draft_stamp
from portal.pages.services import delete_draft, retract_page, save_draft
from tests.bulletin.writing import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(cast, board) -> User:
    """王伟, who may approve beside 赵静."""
    keep_board(board, document_prefix="厂质", needs_second_person=True, actor=cast.head)
    delegate_publishing(cast.quality, cast.inspector, starts_on=today(), ends_on=today(), actor=cast.head)
    return User.objects.get(pk=cast.inspector.pk)


def page_of(notice: Notice) -> str:
    return reverse("bulletin:notice_approval", args=[notice.pk])


def waiting(board, author, **values) -> Notice:
    written = draft(board, author, **values)
    submit_page(written, actor=author)
    return Notice.objects.get(pk=written.pk)


def asked_now() -> set[User]:
    drain()
    return {told.recipient for told in Notification.objects.filter(kind="bulletin.approval").select_related("recipient")}


def stamp_on(page: str) -> str:
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def test_what_was_changed_while_it_was_being_read_is_not_approved_unseen(client, cast, board, second):
    notice = waiting(board, cast.head)
    client.force_login(cast.deputy)
    seen = stamp_on(client.get(page_of(notice)).content.decode())
    take_back_page(notice, actor=cast.head)
    save_draft(notice, actor=cast.head, values={"body": "<p>奖金取消</p>"}, seen=None)
    submit_page(notice, actor=cast.head)
    refused = client.post(page_of(notice), {"action": "approve", "seen": seen})
    assert refused.status_code == 409
    assert not Notice.objects.get(pk=notice.pk).is_shown
    page = refused.content.decode()
    assert "奖金取消" in page, "and the page has what stands there now"
    assert client.post(page_of(notice), {"action": "approve", "seen": stamp_on(page)}).status_code == 302
    assert Notice.objects.get(pk=notice.pk).is_shown


def test_an_approval_that_names_no_text_approves_nothing(client, cast, board, second):
    notice = waiting(board, cast.head)
    client.force_login(cast.deputy)
    assert client.post(page_of(notice), {"action": "approve"}).status_code == 409
    assert not Notice.objects.get(pk=notice.pk).is_shown


@pytest.mark.parametrize("decide", [
    lambda notice, cast: approve_page(notice, actor=cast.deputy),
    lambda notice, cast: send_back_page(notice, comment="请写明时间", actor=cast.deputy),
    lambda notice, cast: take_back_page(notice, actor=cast.head),
])  # fmt: skip
def test_what_is_decided_leaves_the_bells_of_all_who_were_asked(cast, board, second, decide):
    notice = waiting(board, cast.head)
    assert asked_now() == {cast.deputy, second}
    decide(notice, cast)
    assert asked_now() == set()


def test_who_wrote_it_is_not_asked_to_approve_it(cast, board, second):
    """李敏 writes, 赵静 asks: 李敏 may not approve her own, so 王伟 alone is asked."""
    written = draft(board, cast.head)
    submit_page(written, actor=cast.deputy)
    assert asked_now() == {second}


def test_what_is_planned_is_said_to_be_planned(client, cast, board, second):
    notice = waiting(board, cast.head, go_live_at=timezone.now() + timedelta(days=2))
    client.force_login(cast.deputy)
    page = client.get(page_of(notice)).content.decode()
    assert "同意并发布" not in page
    assert "同意" in page
    client.post(page_of(notice), {"action": "approve", "seen": draft_stamp(notice)})
    assert not Notice.objects.get(pk=notice.pk).is_shown
    drain()
    told = Notification.objects.get(kind__startswith="bulletin.approved", recipient=cast.head)
    client.force_login(cast.head)
    assert f"{notice.draft_title}" in told.words["title"]
    assert "已发布" not in client.get("/notifications/").content.decode()


def test_a_retracted_notice_whose_correction_waited_waits_no_longer(client, cast, board, second):
    notice = waiting(board, cast.head)
    approve_page(notice, actor=cast.deputy)
    save_draft(notice, actor=cast.head, values={"body": "<p>更正</p>", "change_note": "改"}, seen=None)
    submit_page(notice, actor=cast.head)
    assert asked_now() == {cast.deputy, second}
    retract_page(notice, reason="发错了", actor=cast.head)
    assert asked_now() == set()
    assert not waiting_for(cast.deputy, Notice).exists()


def test_a_deleted_draft_asks_nobody_for_approval(cast, board, second):
    notice = waiting(board, cast.head)
    assert asked_now() == {cast.deputy, second}
    delete_draft(notice, actor=cast.head)
    assert asked_now() == set()
