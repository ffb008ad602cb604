"""Writing in the forum: who may, numbers, edits, taking back, what is told to whom."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from forum.errors import ForumError, TooManyPostsError
from forum.models import Board, Follow, Post, PostRevision, Thread
from forum.services.boards import change_board, set_archived
from forum.services.posts import MOST_IN, edit_post, post_reply, set_bookmark, set_follow, set_support, start_thread, withdraw_post
from portal.access.policies import can, visible_to
from portal.audit.models import AuditRecord
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.forum.writing import EVERYBODY, fresh, make_board, make_thread, post_of, quality_board


def bells(person) -> list[str]:
    drain()
    return list(Notification.objects.filter(recipient=person, kind__startswith="forum.").order_by("pk").values_list("kind", flat=True))


def test_whoever_a_board_is_for_writes_there_and_others_do_not_see_it(cast):
    board = quality_board(cast)
    thread = make_thread(board, cast.inspector, cast.head)
    assert [post.number for post in thread.posts.all()] == [1, 2]
    assert (thread.last_number, thread.last_author, thread.reply_count) == (2, cast.head, 1)
    for person, sees in ((cast.deputy, True), (cast.operator, False), (cast.admin, False), (cast.customer, False)):
        reader = fresh(person)
        assert visible_to(Board, reader).exists() is sees
        assert visible_to(Thread, reader).exists() is sees
        assert visible_to(Post, reader).count() == (2 if sees else 0)
    with pytest.raises(PermissionDenied):
        start_thread(actor=cast.operator, board=board, title="甲", body="<p>乙</p>")
    with pytest.raises(PermissionDenied):
        post_reply(actor=cast.operator, thread=thread, body="<p>乙</p>")
    assert set(AuditRecord.objects.filter(verb__in=["thread.begun", "post.written"]).values_list("verb", flat=True)) == {"thread.begun", "post.written"}


def test_nothing_said_too_much_said_and_too_often_is_refused(cast):
    board = make_board(cast)
    thread = make_thread(board, cast.head)
    for body in ("", "<p> </p>", "<script>alert(1)</script>"):
        with pytest.raises(ForumError):
            post_reply(actor=cast.inspector, thread=thread, body=body)
    with pytest.raises(ForumError):
        post_reply(actor=cast.inspector, thread=thread, body=f"<p>{'甲' * 60_001}</p>")
    for title in ("", " \n", "甲" * 121):
        with pytest.raises(ForumError):
            start_thread(actor=cast.inspector, board=board, title=title, body="<p>乙</p>")
    minute = min(MOST_IN)
    for number in range(MOST_IN[minute]):
        post_reply(actor=cast.inspector, thread=thread, body=f"<p>{number}</p>")
    with pytest.raises(TooManyPostsError):
        post_reply(actor=cast.inspector, thread=thread, body="<p>还有</p>")
    assert post_reply(actor=cast.deputy, thread=thread, body="<p>别人可以</p>").number == MOST_IN[minute] + 2


def test_the_same_words_sent_twice_are_one_post(cast):
    thread = make_thread(make_board(cast), cast.head)
    first = post_reply(actor=cast.inspector, thread=thread, body="<p>收到</p>")
    assert post_reply(actor=cast.inspector, thread=thread, body="<p>收到</p>").pk == first.pk
    assert post_reply(actor=cast.deputy, thread=thread, body="<p>收到</p>").number == 3


def test_an_edit_keeps_what_stood_there_and_only_its_author_makes_one(cast):
    thread = make_thread(make_board(cast), cast.head, cast.inspector)
    opening = post_of(thread, 1)
    edit_post(actor=cast.head, post=opening, title="新的标题", body="<p>改过了。</p>")
    thread.refresh_from_db()
    earlier = PostRevision.objects.get()
    assert (thread.title, earlier.title, earlier.body) == ("新的标题", "换牌号时 5 号嘴棒发射机总堵", "<p>每次都堵。</p>")
    assert post_of(thread, 1).edited_at is not None
    edit_post(actor=cast.head, post=opening, title="新的标题", body="<p>改过了。</p>")
    assert PostRevision.objects.count() == 1, "what changes nothing is no edit"
    for person in (cast.inspector, cast.admin):
        with pytest.raises(PermissionDenied):
            edit_post(actor=fresh(person), post=opening, body="<p>别人改</p>")
    with pytest.raises(DatabaseError), transaction.atomic():
        PostRevision.objects.all().delete()


def test_what_is_taken_back_keeps_its_place_and_is_read_by_its_author_alone(cast):
    thread = make_thread(make_board(cast), cast.head, cast.inspector)
    reply = post_of(thread, 2)
    with pytest.raises(PermissionDenied):
        withdraw_post(actor=cast.head, post=reply)
    withdraw_post(actor=cast.inspector, post=reply)
    reply = post_of(thread, 2)
    assert reply.is_withdrawn
    assert thread.posts.count() == 2
    assert can(fresh(cast.inspector), "view", reply)
    assert not can(fresh(cast.head), "view", reply)
    assert list(visible_to(Post, fresh(cast.head))) == [post_of(thread, 1)]
    with pytest.raises(ForumError):
        post_reply(actor=cast.head, thread=thread, body="<p>引用</p>", quoted=reply)
    with pytest.raises(PermissionDenied):
        edit_post(actor=cast.inspector, post=reply, body="<p>又来</p>")


def test_followers_are_told_as_they_want_and_nobody_of_what_they_wrote(cast):
    thread = make_thread(make_board(cast), cast.head)
    set_follow(actor=cast.deputy, thread=thread, level="all")
    set_follow(actor=cast.operator, thread=thread, level="muted")
    set_follow(actor=cast.director, thread=thread, level="news")
    drain()
    Notification.objects.filter(kind__startswith="forum.").delete()
    first = post_reply(actor=cast.inspector, thread=thread, body="<p>一</p>")
    post_reply(actor=cast.workshop_head, thread=thread, body="<p>二</p>", quoted=first)
    assert bells(cast.inspector) == ["forum.quoted"]
    assert bells(cast.deputy) == ["forum.every_reply", "forum.every_reply"]
    assert bells(cast.director) == ["forum.replied"], "one bell until it is read"
    assert bells(cast.head) == ["forum.replied"], "who begins a thread follows it"
    assert bells(cast.operator) == []
    assert bells(cast.workshop_head) == []
    set_follow(actor=cast.inspector, thread=thread, level="")
    assert not Follow.objects.filter(person=cast.inspector).exists()


def test_support_and_bookmarks_are_done_once(cast):
    thread = make_thread(make_board(cast), cast.head)
    post = post_of(thread, 1)
    for _turn in range(2):
        set_support(actor=cast.inspector, post=post, wanted=True)
        set_bookmark(actor=cast.inspector, post=post, wanted=True)
    assert post_of(thread, 1).support_count == 1
    with pytest.raises(PermissionDenied):
        set_support(actor=cast.head, post=post, wanted=True)
    set_support(actor=cast.inspector, post=post, wanted=False)
    set_support(actor=cast.inspector, post=post, wanted=False)
    assert post_of(thread, 1).support_count == 0


def test_another_audience_of_a_board_is_that_of_its_threads_and_an_archived_board_is_only_read(cast):
    board = make_board(cast)
    thread = make_thread(board, cast.operator)
    narrow = quality_board(cast).audience.rule
    with pytest.raises(PermissionDenied):
        change_board(actor=cast.head, board=board, name=board.name, rule=narrow)
    change_board(actor=cast.admin, board=board, name=board.name, rule=narrow)
    assert not visible_to(Thread, fresh(cast.operator)).exists()
    assert visible_to(Thread, fresh(cast.inspector)).exists()
    change_board(actor=cast.admin, board=board, name=board.name, rule=EVERYBODY)
    set_archived(actor=cast.admin, board=board, wanted=True)
    reader = fresh(cast.operator)
    assert visible_to(Thread, reader).exists()
    with pytest.raises(PermissionDenied):
        post_reply(actor=reader, thread=Thread.objects.get(pk=thread.pk), body="<p>晚了</p>")
    with pytest.raises(ForumError):
        change_board(actor=cast.admin, board=board, name="质检内部", rule=EVERYBODY)
