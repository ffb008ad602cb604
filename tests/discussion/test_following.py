"""Support is counted, followers are told, open pages learn what is new."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from portal.accounts.models import User
from portal.discussion.models import Comment, Discussion, Follow, Reaction
from portal.discussion.services import (
    edit_comment,
    follow,
    remove_comment,
    toggle_support,
    unfollow,
)
from portal.discussion.threads import MOST_NEW
from portal.notifications.models import Notification
from portal.notifications.services import mark_read
from portal.outbox.services import drain
from tests.cast import Cast
from tests.discussion.comments import SignIn, fill, leave_department, order_in, say, thread_path
from tests.papers.models import Paper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.discussion.urls")]


def test_support_is_counted_once_a_person_and_not_for_oneself(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    comment = say(cast.inspector, paper)
    for _ in range(2):
        client_for(cast.deputy).post(f"/discussion/comments/{comment.pk}/support/", {"support": "1"})
    assert toggle_support(actor=cast.head, comment=comment)
    assert (Reaction.objects.count(), Comment.objects.get().support_count) == (2, 2)
    assert not toggle_support(actor=cast.head, comment=comment)
    assert Comment.objects.get().support_count == 1
    assert client_for(cast.inspector).post(f"/discussion/comments/{comment.pk}/support/", {"support": "1"}).status_code == 403


def test_what_is_most_supported_stands_first_when_asked_for(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    first, second = say(cast.inspector, paper, "除湿机"), say(cast.inspector, paper, "换窗户")
    toggle_support(actor=cast.deputy, comment=first)
    browser = client_for(cast.head)
    assert order_in(browser.get(f"/papers/{paper.pk}/"), first, second) == [second.pk, first.pk]
    assert order_in(browser.get(f"/papers/{paper.pk}/?comments_sort=supported"), first, second) == [first.pk, second.pk]


def test_followers_and_who_was_answered_are_told_once_and_the_writer_is_not(cast: Cast, paper: Paper) -> None:
    root = say(cast.inspector, paper)
    follow(actor=cast.head, about=paper)
    say(cast.deputy, paper, "回复", root)
    drain()
    assert set(Notification.objects.values_list("recipient", "kind")) == {(cast.inspector.pk, "discussion.answered"), (cast.head.pk, "discussion.commented")}
    say(cast.deputy, paper, "还有一点")
    drain()
    assert Notification.objects.filter(recipient=cast.head).count() == 1, "one row until it is read"
    mark_read(cast.head, until=Notification.objects.newest_for(cast.head))
    unfollow(actor=cast.inspector, about=paper)
    say(cast.deputy, paper, "最后一点")
    drain()
    assert Notification.objects.filter(recipient=cast.head).count() == 2
    assert Notification.objects.filter(recipient=cast.inspector, kind="discussion.commented").count() == 1


def test_a_follower_who_lost_the_right_is_told_nothing_nor_is_anyone_of_what_was_taken_back(cast: Cast, paper: Paper) -> None:
    follow(actor=cast.inspector, about=paper)
    say(cast.deputy, paper)
    leave_department(cast.inspector)
    drain()
    assert not Notification.objects.exists()
    follow(actor=cast.head, about=paper)
    remove_comment(actor=cast.deputy, comment=say(cast.deputy, paper, "说错了"))
    drain()
    assert not Notification.objects.exists()


def test_nobody_follows_what_they_may_not_see(cast: Cast, paper: Paper) -> None:
    with pytest.raises(PermissionDenied):
        follow(actor=cast.operator, about=paper)
    assert not Follow.objects.exists()


def test_an_open_page_is_told_what_is_new_what_changed_and_what_was_removed(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    root = say(cast.inspector, paper, "旧话")
    gone = say(cast.inspector, paper, "要撤的话")
    browser = client_for(cast.head)
    seen = Discussion.objects.get().cursor
    assert 'data-count="0"' in browser.get(thread_path(paper, f"new/?since={seen}")).content.decode()
    say(cast.deputy, paper, "新话")
    say(cast.deputy, paper, "新回复", root)
    edit_comment(actor=cast.inspector, comment=root, body="改过的话")
    remove_comment(actor=cast.inspector, comment=gone)
    page = browser.get(thread_path(paper, f"new/?since={seen}")).content.decode()
    assert 'data-count="2"' in page
    assert f'data-parent="{root.pk}"' in page
    for text, is_there in (("新话", True), ("新回复", True), ("改过的话", True), ("要撤的话", False), ("旧话", False)):
        assert (text in page) is is_there, text
    assert f'data-cursor="{seen + 4}"' in page


def test_too_much_news_is_a_count_and_nonsense_cursors_are_nought(cast: Cast, client_for: SignIn, paper: Paper) -> None:
    fill(paper, cast.inspector, MOST_NEW + 5)
    browser = client_for(cast.head)
    for cursor in ("0", "-1", "9" * 40, "٣", ""):
        page = browser.get(thread_path(paper, f"new/?since={cursor}")).content.decode()
        assert f'data-count="{MOST_NEW + 5}"' in page
        assert "data-too-much" in page


def test_what_is_written_at_the_same_time_gets_cursors_in_the_order_of_its_appearance(cast: Cast, paper: Paper) -> None:
    def write(author: User) -> None:
        try:
            for number in range(5):
                say(author, paper, f"{author.pk}-{number}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[author]) for author in (cast.inspector, cast.deputy, cast.head)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    discussion = Discussion.objects.get()
    assert (discussion.cursor, discussion.comment_count, discussion.place_count) == (15, 15, 15)
    assert sorted(Comment.objects.values_list("born_in", flat=True)) == list(range(1, 16))
