"""Moderators: by the duty of a board or for all; what they hide is gone for others; nobody judges their own case; a case is decided once."""

import pytest
from django.core.exceptions import PermissionDenied

from forum.errors import DecidedError, ForumError
from forum.models import Case, Post, Thread
from forum.services.moderation import close_case, hide_post, move_thread, report_post, restore_post, set_closed, set_pinned, set_shown
from forum.services.posts import edit_post, post_reply
from portal.access.policies import can, viewers_of, visible_to
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.forum.writing import fresh, let_moderate_all, make_board, make_thread, moderators_duty, post_of, quality_board


@pytest.fixture
def thread(cast) -> Thread:
    """刘洋 moderates the board; 张强 wrote the second post."""
    return make_thread(make_board(cast, duty=moderators_duty(cast, cast.workshop_head)), cast.inspector, cast.operator)


def told(person, kind: str) -> int:
    drain()
    return Notification.objects.filter(recipient=person, kind=kind).count()


def test_what_is_hidden_is_read_by_its_author_and_the_moderators_until_it_is_shown_again(cast, thread):
    post = post_of(thread, 2)
    for person in (cast.head, cast.admin, cast.director):
        with pytest.raises(PermissionDenied):
            hide_post(actor=fresh(person), post=post, reason="不妥")
    with pytest.raises(ForumError):
        hide_post(actor=fresh(cast.workshop_head), post=post, reason=" ")
    hide_post(actor=fresh(cast.workshop_head), post=post, reason="点名指责同事")
    post = post_of(thread, 2)
    readers = {person.name for person in cast.employees if can(fresh(person), "view", post)}
    assert readers == {"张强", "刘洋"}
    assert {person.name for person in viewers_of(post)} == readers
    assert {person.name for person in cast.everyone if post in visible_to(Post, fresh(person))} == readers
    assert told(cast.operator, "forum.hidden") == 1
    with pytest.raises(PermissionDenied):
        edit_post(actor=fresh(cast.operator), post=post, body="<p>改一改</p>")
    with pytest.raises(PermissionDenied):
        restore_post(actor=fresh(cast.operator), post=post, reason="我自己的")
    restore_post(actor=fresh(cast.workshop_head), post=post, reason="已经说明")
    assert can(fresh(cast.head), "view", post_of(thread, 2))
    assert told(cast.operator, "forum.restored") == 1


def test_nobody_judges_their_own_post(cast):
    thread = make_thread(make_board(cast, duty=moderators_duty(cast, cast.workshop_head, cast.head)), cast.workshop_head, cast.operator)
    own = post_of(thread, 1)
    with pytest.raises(PermissionDenied):
        hide_post(actor=fresh(cast.workshop_head), post=own, reason="自己")
    case = report_post(actor=cast.operator, post=own, reason="不实")
    assert case not in visible_to(Case, fresh(cast.workshop_head))
    with pytest.raises(PermissionDenied):
        close_case(actor=fresh(cast.workshop_head), case=case, is_upheld=False, answer="没问题")
    close_case(actor=fresh(cast.head), case=case, is_upheld=True, answer="确有不实")
    assert post_of(thread, 1).is_hidden


def test_reports_of_one_post_are_one_case_decided_once_and_after_it_a_new_one(cast, thread):
    post = post_of(thread, 2)
    case = report_post(actor=cast.inspector, post=post, reason="人身攻击")
    assert report_post(actor=cast.head, post=post, reason="同上").pk == case.pk
    with pytest.raises(ForumError):
        report_post(actor=cast.inspector, post=post, reason="再说一次")
    with pytest.raises(PermissionDenied):
        report_post(actor=cast.operator, post=post, reason="自己的")
    assert told(cast.workshop_head, "forum.reported") == 1
    assert told(cast.operator, "forum.reported") == 0
    for person in (cast.inspector, cast.admin):
        with pytest.raises(PermissionDenied):
            close_case(actor=fresh(person), case=case, is_upheld=True, answer="不妥")
    close_case(actor=fresh(cast.workshop_head), case=case, is_upheld=False, answer="属于正常讨论")
    with pytest.raises(DecidedError):
        close_case(actor=fresh(cast.workshop_head), case=case, is_upheld=True, answer="改主意了")
    assert not post_of(thread, 2).is_hidden
    assert told(cast.inspector, "forum.case_closed") == told(cast.head, "forum.case_closed") == 1
    edit_post(actor=cast.operator, post=post, body="<p>更过分的话</p>")
    again = report_post(actor=cast.inspector, post=post, reason="改后更甚")
    assert again.pk != case.pk
    close_case(actor=fresh(cast.workshop_head), case=again, is_upheld=True, answer="已屏蔽")
    assert post_of(thread, 2).is_hidden


def test_hiding_at_once_decides_the_open_case(cast, thread):
    case = report_post(actor=cast.inspector, post=post_of(thread, 2), reason="人身攻击")
    hide_post(actor=fresh(cast.workshop_head), post=post_of(thread, 2), reason="点名")
    case.refresh_from_db()
    assert case.state == Case.State.HIDDEN


def test_a_closed_thread_takes_replies_of_moderators_alone(cast, thread):
    with pytest.raises(PermissionDenied):
        set_closed(actor=fresh(cast.inspector), thread=thread, wanted=True)
    set_closed(actor=fresh(cast.workshop_head), thread=thread, wanted=True)
    set_pinned(actor=fresh(cast.workshop_head), thread=thread, wanted=True)
    closed = Thread.objects.get(pk=thread.pk)
    assert (closed.is_closed, closed.is_pinned) == (True, True)
    with pytest.raises(PermissionDenied):
        post_reply(actor=fresh(cast.inspector), thread=closed, body="<p>还想说</p>")
    assert post_reply(actor=fresh(cast.workshop_head), thread=closed, body="<p>版主说明</p>").number == 3
    set_closed(actor=fresh(cast.workshop_head), thread=closed, wanted=False)
    assert post_reply(actor=fresh(cast.inspector), thread=Thread.objects.get(pk=thread.pk), body="<p>谢谢</p>").number == 4


def test_a_moved_thread_is_for_the_readers_of_the_other_board_from_then_on(cast, thread):
    target = quality_board(cast)
    with pytest.raises(PermissionDenied):
        move_thread(actor=fresh(cast.workshop_head), thread=thread, board=target)
    let_moderate_all(cast, cast.workshop_head)
    move_thread(actor=fresh(cast.workshop_head), thread=thread, board=target)
    moved = Thread.objects.get(pk=thread.pk)
    assert moved.audience_id == target.audience_id
    assert not can(fresh(cast.operator), "view", moved), "who wrote in it does not read on where it is not for them"
    assert can(fresh(cast.inspector), "view", moved)
    with pytest.raises(ForumError):
        move_thread(actor=fresh(cast.workshop_head), thread=moved, board=target)
    assert told(cast.inspector, "forum.moved") == 1


def test_a_hidden_thread_is_seen_by_its_moderators_alone(cast, thread):
    set_shown(actor=fresh(cast.workshop_head), thread=thread, wanted=False, reason="整帖违规")
    hidden = Thread.objects.get(pk=thread.pk)
    seers = {person.name for person in cast.everyone if hidden in visible_to(Thread, fresh(person))}
    assert seers == {"刘洋"} == {person.name for person in viewers_of(hidden)}
    assert {person.name for person in cast.everyone if visible_to(Post, fresh(person)).exists()} == {"刘洋"}
    set_shown(actor=fresh(cast.workshop_head), thread=hidden, wanted=True, reason="误会")
    assert can(fresh(cast.inspector), "view", Thread.objects.get(pk=thread.pk))


def test_whoever_keeps_the_machines_sees_no_restricted_board_until_it_is_granted_on_record(cast):
    thread = make_thread(quality_board(cast), cast.inspector)
    assert not can(fresh(cast.admin), "view", thread)
    let_moderate_all(cast, cast.admin)
    assert can(fresh(cast.admin), "view", thread)
