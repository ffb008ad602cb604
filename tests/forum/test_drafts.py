"""Drafts: kept as one types, for oneself alone, gone once sent; nothing anonymous is kept."""

from django.urls import reverse

from forum.models import Draft
from forum.services.posts import post_reply
from tests.forum.writing import fresh, make_board, make_thread, quality_board


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
    assert not Draft.objects.exists(), "what comes in late is what was sent"
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
