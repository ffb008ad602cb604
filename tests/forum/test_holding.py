"""Held words: what has one is kept back, its writer and the moderators know, and it is decided once; under a mask too."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from forum.errors import DecidedError, ForumError, HeldWordsError
from forum.models import Board, HeldPost, Post, Thread, Waiting
from forum.services.holding import decide_on_held, hold_post, set_held_words
from forum.services.masked import release_waiting
from forum.services.posts import edit_post, post_reply
from portal.access.policies import can, visible_to
from portal.attachments.services import receive_file
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.forum.masked import anonymous_board, make_crowd, make_officers, rounds, send
from tests.forum.writing import fresh, make_board, make_thread, moderators_duty, post_of

__all__ = ["rounds"]


@pytest.fixture
def board(cast) -> Board:
    """李敏 moderates it and has named two words."""
    board = make_board(cast, duty=moderators_duty(cast, cast.head))
    set_held_words(actor=fresh(cast.head), board=board, words=" 返款\n\nVIP 价\n返款\n")
    board.refresh_from_db()
    return board


def told(person, kind: str) -> int:
    drain()
    return Notification.objects.filter(recipient=person, kind=kind).count()


def test_moderators_name_the_words_and_nobody_else(cast, board):
    assert board.held_words == "返款\nVIP 价"
    for person in (cast.inspector, cast.admin):
        with pytest.raises(PermissionDenied):
            set_held_words(actor=fresh(person), board=board, words="甲乙")
    for wrong in ("甲", "长" * 41, "\n".join(f"词{number}" for number in range(501))):
        with pytest.raises(ForumError):
            set_held_words(actor=fresh(cast.head), board=board, words=wrong)


def test_a_reply_is_kept_back_with_its_file_and_let_through(cast, client_for, board):
    thread = make_thread(board, cast.deputy)
    client, moderator = client_for(cast.inspector), client_for(cast.head)
    file = receive_file(actor=cast.inspector, name="附表.txt", content=BytesIO(b"1"))
    body = {"body": "<p>听说有 <b>返</b> 款，v·i·p价</p>", "file_ids": str(file.pk)}
    answer = client.post(reverse("forum:reply", args=[thread.pk]), body)
    held = HeldPost.objects.get()
    assert answer["Location"] == held.get_absolute_url()
    assert held.words == "返款、VIP 价"
    assert Post.objects.filter(thread=thread).count() == 1
    page = client.get(held.get_absolute_url()).text
    assert "版主" in page
    assert "附表.txt" in page
    assert 'name="decision"' not in page
    assert told(cast.head, "forum.held") == 1
    for person in (cast.director, cast.operator, cast.admin):
        assert not can(fresh(person), "view", held)
        assert not visible_to(HeldPost, fresh(person)).exists()
        assert client_for(person).get(reverse("attachments:file", args=[file.pk])).status_code != 200
    assert "返款" in moderator.get(f"{reverse('forum:held_list')}?state=open").text
    assert "返款" in moderator.get(held.get_absolute_url()).text
    done = moderator.post(held.get_absolute_url(), {"decision": "release", "reason": ""})
    assert done.status_code == 302
    reply = post_of(thread, 2)
    assert reply.author == cast.inspector
    assert "附表.txt" in client_for(cast.operator).get(thread.get_absolute_url()).text
    assert told(cast.inspector, "forum.let_through") == 1
    assert told(cast.deputy, "forum.replied") == 1, "who follows hears of it now"
    with pytest.raises(DecidedError):
        decide_on_held(actor=fresh(cast.head), held=held, is_released=False, answer="晚了")


def test_a_thread_is_kept_back_and_not_let_through_with_a_reason(cast, client_for, board):
    client = client_for(cast.inspector)
    client.post(reverse("forum:thread_create", args=[board.pk]), {"title": "返款的事", "body": "<p>正文</p>"})
    assert not Thread.objects.exists()
    held = HeldPost.objects.get()
    with pytest.raises(PermissionDenied):
        decide_on_held(actor=fresh(cast.inspector), held=held, is_released=True)
    with pytest.raises(ForumError):
        decide_on_held(actor=fresh(cast.head), held=held, is_released=False, answer=" ")
    decide_on_held(actor=fresh(cast.head), held=held, is_released=False, answer="未经核实")
    assert told(cast.inspector, "forum.not_let_through") == 1
    page = client.get(held.get_absolute_url()).text
    assert "未经核实" in page
    assert "正文" in page, "what was typed is kept"


def test_moderators_write_freely_and_an_edit_is_no_way_around(cast, board):
    thread = make_thread(board, cast.inspector)
    assert post_reply(actor=fresh(cast.head), thread=thread, body="<p>不谈返款</p>").number == 2
    with pytest.raises(HeldWordsError, match="返款"):
        edit_post(actor=fresh(cast.inspector), post=post_of(thread, 1), body="<p>返款</p>")
    held = hold_post(actor=fresh(cast.inspector), board=board, thread=thread, body="<p>返款</p>")
    assert hold_post(actor=fresh(cast.inspector), board=board, thread=thread, body="<p>返款</p>") == held


@pytest.mark.usefixtures("rounds")
def test_a_mask_is_kept_back_at_the_round_and_nobody_learns_whose_it_is(cast, client_for):
    make_crowd(cast)
    make_officers(cast)
    board = anonymous_board(cast, duty=moderators_duty(cast, cast.head, cast.workshop_head))
    set_held_words(actor=fresh(cast.head), board=board, words="返款")
    thread = make_thread(board, cast.operator)
    send(cast.workshop_head, board, thread, "有人拿返款。")
    send(cast.inspector, board, None, "返款的另一件。", title="另一件")
    assert not HeldPost.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        release_waiting()
        release_waiting()
        reply, begun = HeldPost.objects.order_by("thread_id")
        assert Waiting.objects.count() == 2
        assert told(cast.head, "forum.held") == 2
        assert not Notification.objects.filter(kind="forum.held", actor__isnull=False).exists()
        assert not can(fresh(cast.inspector), "view", begun), "a page for the author alone would name them"
        page = client_for(cast.head).get(reply.get_absolute_url()).text
        assert "匿名" in page
        with pytest.raises(ForumError, match="自己"):
            decide_on_held(actor=fresh(cast.workshop_head), held=reply, is_released=True)
        decide_on_held(actor=fresh(cast.head), held=reply, is_released=True)
        decide_on_held(actor=fresh(cast.head), held=begun, is_released=False, answer="未经核实")
        assert post_of(thread, 2).is_masked
        assert not Waiting.objects.exists()
        assert not Notification.objects.filter(kind__in=["forum.let_through", "forum.not_let_through"]).exists()
        assert Thread.objects.count() == 1
