"""Drafts: kept as one types, for oneself alone, gone once sent; nothing anonymous is kept."""

from threading import Thread as Worker

import pytest
from django.db import connection, transaction
from django.urls import reverse

from forum.models import Draft
from forum.services.drafts import save_draft
from forum.services.posts import post_reply
from tests.forum.writing import fresh, make_board, make_thread, quality_board
from tests.runtime.portal_process import wait_until
from tests.search.indexing import is_somebody_waiting


def test_what_is_typed_comes_back_on_another_machine_and_goes_once_it_is_sent(cast, client_for):
    thread = make_thread(make_board(cast), cast.head)
    writer, other = client_for(cast.inspector), client_for(cast.deputy)
    address = reverse("forum:reply_draft", args=[thread.pk])
    assert "草稿" in writer.post(address, {"body": "<p>写到一半</p>"}).text
    assert writer.post(address, {"body": "<p>写到一半了</p>"}).status_code == 200
    assert "写到一半了" in client_for(cast.inspector).get(thread.get_absolute_url()).text
    assert "写到一半" not in other.get(thread.get_absolute_url()).text
    writer.post(reverse("forum:reply", args=[thread.pk]), {"body": "<p>写完了</p>"})
    assert not Draft.objects.exists()
    writer.post(address, {"body": "<p>写完了</p>"})
    writer.post(address, {"body": "<p>写完</p>"})
    assert not Draft.objects.exists(), "what comes in late is what was sent, or its beginning"
    post_reply(actor=fresh(cast.deputy), thread=thread, body="<p>别人的回复</p>")
    assert not writer.post(address, {"body": f"<p>{'长' * 60_100}</p>"}).text


def test_a_new_thread_is_kept_and_forgotten_where_nothing_is_left(cast, client_for):
    board = quality_board(cast)
    writer = client_for(cast.inspector)
    address = reverse("forum:thread_draft", args=[board.pk])
    writer.post(address, {"title": "换牌号", "body": ""})
    assert 'value="换牌号"' in writer.get(reverse("forum:thread_create", args=[board.pk])).text
    assert client_for(cast.operator).post(address, {"title": "偷看"}).status_code == 404
    writer.post(address, {"title": " ", "body": "<p> </p>"})
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_kept_before", [True, False])
def test_what_is_kept_while_it_is_being_sent_does_not_come_back(cast, is_kept_before):
    """The page keeps what is typed a moment after the last key; by then it may be on its way."""
    thread = make_thread(make_board(cast), cast.head)
    said = {"board": thread.board, "thread": thread, "body": "<p>同一句话</p>"}
    if is_kept_before:
        assert save_draft(actor=fresh(cast.inspector), **said)
    outcome: list[bool] = []

    def keep() -> None:
        try:
            outcome.append(save_draft(actor=fresh(cast.inspector), **said))
        finally:
            connection.close()

    keeper = Worker(target=keep)
    with transaction.atomic():
        post_reply(actor=fresh(cast.inspector), thread=thread, body=said["body"])
        keeper.start()
        wait_until(is_somebody_waiting, 60)
    keeper.join(60)
    assert outcome == [False]
    assert not Draft.objects.exists()
