"""The pages of the forum over HTTP."""

import pytest
from django.urls import reverse

from forum.models import PER_PAGE, Bookmark, Case, Post, Thread, ThreadRead
from forum.services.moderation import hide_post
from forum.services.posts import post_reply
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.forum.writing import fresh, make_board, make_thread, moderators_duty, post_of, quality_board


@pytest.fixture
def board(cast):
    return make_board(cast, duty=moderators_duty(cast, cast.workshop_head))


def test_one_begins_a_thread_another_answers_and_the_first_finds_it_new(cast, client_for, board):
    writer, reader = client_for(cast.inspector), client_for(cast.operator)
    form = {"title": "换牌号时 5 号嘴棒发射机总堵", "body": "<p>夜班怎么办？</p>", "form_key": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"}
    made = writer.post(reverse("forum:thread_create", args=[board.pk]), form)
    thread = Thread.objects.get()
    assert made["Location"] == thread.get_absolute_url()
    assert writer.post(reverse("forum:thread_create", args=[board.pk]), form)["Location"] == thread.get_absolute_url()
    assert Thread.objects.count() == 1
    front = reader.get("/forum/").text
    assert "换牌号时" in front
    assert "新帖" in front
    page = reader.get(thread.get_absolute_url()).text
    assert "夜班怎么办" in page
    answer = reader.post(reverse("forum:reply", args=[thread.pk]), {"body": "<p>风压降到 0.28</p>", "quote": "1"})
    assert answer.status_code == 302
    reply = post_of(thread, 2)
    assert reply.quoted == post_of(thread, 1)
    assert writer.get(f"{thread.get_absolute_url()}?new")["Location"] == f"{thread.get_absolute_url()}?page=1#post-2"
    drain()
    bell = Notification.objects.get(recipient=cast.inspector, kind="forum.quoted")
    assert writer.get(bell.url)["Location"].endswith("#post-2")


def test_what_was_typed_stays_where_it_is_refused(cast, client_for, board):
    thread = make_thread(board, cast.head)
    answer = client_for(cast.inspector).post(reverse("forum:reply", args=[thread.pk]), {"body": f"<p>{'长' * 60_100}</p>"})
    assert answer.status_code == 422
    assert "长长长长" in answer.text
    assert Post.objects.count() == 1


def test_pages_of_a_thread_are_exact_and_reading_is_noted_by_a_post(cast, client_for, board):
    thread = make_thread(board, cast.head)
    for number in range(2, PER_PAGE + 3):
        author = cast.employees[number % len(cast.employees)]
        Post.objects.create(thread=thread, number=number, author=author, body=f"<p>第 {number} 楼</p>")
    Thread.objects.filter(pk=thread.pk).update(last_number=PER_PAGE + 2)
    reader = client_for(cast.inspector)
    first, second = (reader.get(f"{thread.get_absolute_url()}?page={number}").text for number in (1, 2))
    assert 'id="post-20"' in first
    assert 'id="post-21"' not in first
    assert 'id="post-22"' in second
    assert reader.get(f"{thread.get_absolute_url()}?page=99").text.count('class="post"') == 2
    assert not ThreadRead.objects.filter(person=cast.inspector).exists(), "looking is no reading"
    address = reverse("forum:reading", args=[thread.pk])
    for number in ("20", "3", "nonsense"):
        assert reader.post(address, {"number": number}).status_code == 204
    assert ThreadRead.objects.get(person=cast.inspector).number == 20
    assert reader.get(f"{thread.get_absolute_url()}?new")["Location"].endswith("?page=2#post-21")
    assert "以下是新的" in reader.get(f"{thread.get_absolute_url()}?page=2").text
    reader.post(reverse("forum:all_read"))
    assert "2 条新" not in reader.get("/forum/").text


def test_an_open_page_is_told_of_new_replies_and_loses_what_was_hidden(cast, client_for, board):
    thread = make_thread(board, cast.head, cast.operator)
    reader = client_for(cast.inspector)
    asked = f"{reverse('forum:arrivals', args=[thread.pk])}?since={thread.cursor}&first=1&last=2"
    assert "post-" not in reader.get(asked).text
    post_reply(actor=cast.director, thread=thread, body="<p>第三楼</p>")
    hide_post(actor=fresh(cast.workshop_head), post=post_of(thread, 2), reason="点名指责同事")
    told = reader.get(asked).text
    assert "1 条新回复" in told
    assert "点名指责同事" in told
    assert "第 2 楼" not in told
    assert "第 2 楼" in client_for(cast.operator).get(asked).text, "its author still reads it"


def test_strangers_to_a_board_are_told_that_there_is_none(cast, client_for):
    thread = make_thread(quality_board(cast), cast.inspector)
    post = post_of(thread, 1)
    stranger, member = client_for(cast.operator), client_for(cast.deputy)
    addresses = [
        thread.board.get_absolute_url(),
        thread.get_absolute_url(),
        post.get_absolute_url(),
        reverse("forum:history", args=[post.pk]),
        reverse("forum:arrivals", args=[thread.pk]),
    ]
    for address in addresses:
        assert stranger.get(address).status_code == 404, address
        assert member.get(address).status_code in {200, 302}, address
    assert "质检内部" not in stranger.get("/forum/").text
    assert "质检内部" in member.get("/forum/").text


def test_a_report_is_answered_by_a_moderator_on_their_list(cast, client_for, board):
    thread = make_thread(board, cast.head, cast.operator)
    post = post_of(thread, 2)
    client_for(cast.inspector).post(reverse("forum:post_report", args=[post.pk]), {"reason": "人身攻击"})
    case = Case.objects.get()
    moderator = client_for(cast.workshop_head)
    listed = moderator.get(reverse("forum:case_list")).text
    assert thread.title in listed
    assert "待处理" in listed
    assert "版块" in listed
    page = moderator.get(reverse("forum:case", args=[case.pk])).text
    assert "人身攻击" in page
    done = moderator.post(reverse("forum:case", args=[case.pk]), {"decision": "hide", "reason": "点名指责同事"})
    assert done["Location"] == reverse("forum:case_list")
    assert "点名指责同事" in client_for(cast.inspector).get(thread.get_absolute_url()).text
    late = moderator.post(reverse("forum:case", args=[case.pk]), {"decision": "leave", "reason": "算了"})
    assert late.status_code == 422
    assert client_for(cast.head).get(reverse("forum:case_list")).status_code == 403


def test_bookmarks_are_ones_own_and_forget_what_may_no_longer_be_read(cast, client_for, board):
    thread = make_thread(board, cast.head, cast.operator)
    post = post_of(thread, 2)
    reader = client_for(cast.inspector)
    reader.post(reverse("forum:post_bookmark", args=[post.pk]), {"bookmark": "1"})
    assert thread.title in reader.get(reverse("forum:bookmarks")).text
    assert thread.title not in client_for(cast.head).get(reverse("forum:bookmarks")).text
    hide_post(actor=fresh(cast.workshop_head), post=post, reason="点名")
    assert thread.title not in reader.get(reverse("forum:bookmarks")).text
    assert Bookmark.objects.count() == 1
