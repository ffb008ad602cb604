"""Calling people with @: who may read it is told, who may not is not, and the writer learns that; under a mask nothing of it says who wrote."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from forum.errors import ForumError
from forum.models import Post, Waiting
from forum.services.masked import release_waiting
from forum.services.posts import edit_post, post_reply, set_follow, start_thread
from portal.accounts.models import User
from portal.discussion.errors import TooManyMentionsError
from portal.discussion.mentions import find_mentioned
from portal.notifications.models import Notification
from portal.outbox.services import drain
from tests.forum.masked import anonymous_board, make_crowd, make_officers, rounds, send
from tests.forum.writing import fresh, make_board, make_thread, post_of, quality_board

__all__ = ["rounds"]


def called(person: User) -> list[str]:
    """The addresses to which bells lead that say that this person was called."""
    drain()
    return list(Notification.objects.filter(recipient=person, kind="forum.mentioned").order_by("pk").values_list("url", flat=True))


def test_whoever_may_read_is_told_once_and_whoever_may_not_is_not(cast, client_for):
    thread = make_thread(quality_board(cast), cast.head)
    client = client_for(cast.inspector)
    body = f"<p>请@{cast.deputy.name}看看，＠{cast.head.employee_number}，@{cast.operator.name}也看看；me@{cast.deputy.name}</p>"
    answer = client.post(reverse("forum:reply", args=[thread.pk]), {"body": body, "quote": "1"})
    reply = post_of(thread, 2)
    assert called(cast.deputy) == [reply.get_absolute_url()]
    assert called(cast.head) == [reply.get_absolute_url()], "called, quoted and following: one bell"
    assert Notification.objects.filter(recipient=cast.head, url=reply.get_absolute_url()).count() == 1
    assert called(cast.operator) == []
    said = [str(message) for message in get_messages(answer.wsgi_request)]
    assert len(said) == 1
    assert cast.operator.name in said[0]
    assert cast.deputy.name not in said[0]


def test_an_edit_calls_whom_it_adds_and_a_muted_thread_is_quiet(cast):
    thread = make_thread(make_board(cast), cast.head)
    set_follow(actor=cast.operator, thread=thread, level="muted")
    reply = post_reply(actor=fresh(cast.inspector), thread=thread, body=f"<p>@{cast.deputy.name}</p>")
    edit_post(actor=fresh(cast.inspector), post=reply, body=f"<p>@{cast.deputy.name} @{cast.director.name} @{cast.operator.name} @{cast.inspector.name}</p>")
    assert len(called(cast.deputy)) == 1
    assert len(called(cast.director)) == 1
    assert called(cast.operator) == []
    assert called(cast.inspector) == []
    begun = start_thread(actor=fresh(cast.head), board=thread.board, title="新帖", body=f"<p>@{cast.operator.name}</p>")
    assert called(cast.operator) == [post_of(begun, 1).get_absolute_url()]


def test_the_longest_name_is_meant_and_of_two_with_one_name_the_one_who_reads(cast):
    User.objects.create_user("8001", name="欧阳", kind="employee")
    longer = User.objects.create_user("8002", name="欧阳明", name_en="Ouyang Ming", kind="employee")
    twin = User.objects.create_user("8003", name=cast.deputy.name, kind="employee")
    readers = User.objects.exclude(pk=twin.pk)
    found = find_mentioned("@欧阳明说得对 @Ouyang Mingus @8002", readers)
    assert found.people == [longer]
    assert find_mentioned(f"@{cast.deputy.name}", readers).people == [cast.deputy]
    assert find_mentioned(f"@{cast.deputy.name}", User.objects.all()).unclear == [cast.deputy.name]
    assert find_mentioned("@8003", readers).unreached == [twin]
    assert find_mentioned("@" * 60_000 + "@李", readers).people == []


def test_readers_of_the_board_are_offered_by_what_they_are_called(cast, client_for):
    board = quality_board(cast)
    (twin,) = make_crowd(cast, 1)
    twin.name = cast.deputy.name
    twin.save()
    client = client_for(cast.head)

    def offered(words: str) -> list[str]:
        return re.findall(r'data-call="([^"]*)"', client.get(reverse("forum:people", args=[board.pk]), {"q": words}).text)

    assert offered("wangw") == offered("王") == [cast.inspector.name]
    assert offered(cast.deputy.name) == [cast.deputy.name], "the other of this name does not read here"
    assert offered(cast.operator.name) == offered("") == []
    everybody = make_board(cast)
    twins = re.findall(r'data-call="([^"]*)"', client.get(reverse("forum:people", args=[everybody.pk]), {"q": cast.deputy.name}).text)
    assert sorted(twins) == sorted([twin.employee_number, cast.deputy.employee_number])
    assert client_for(cast.operator).get(reverse("forum:people", args=[board.pk])).status_code == 404


def test_two_hundred_at_once_are_refused(cast):
    make_crowd(cast, 30)
    thread = make_thread(make_board(cast), cast.head)
    crowd = " ".join(f"@操作工{number}" for number in range(30)) * 7
    with pytest.raises(TooManyMentionsError):
        post_reply(actor=cast.inspector, thread=thread, body=f"<p>{crowd}</p>")
    assert Post.objects.filter(thread=thread).count() == 1


@pytest.mark.usefixtures("rounds")
def test_a_mask_calls_people_and_says_nothing_of_its_wearer(cast):
    make_crowd(cast)
    make_officers(cast)
    board = anonymous_board(cast)
    thread = make_thread(board, cast.head)
    send(cast.inspector, board, thread, f"请@{cast.deputy.name}看看")
    send(cast.operator, board, thread, f"@{cast.operator.name} 看看")
    assert called(cast.deputy) == []
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert release_waiting() == 2
        assert len(called(cast.deputy)) == 1
        assert len(called(cast.operator)) == 1, "that it is the wearer is known to nobody"
    for person in (cast.deputy, cast.operator):
        bell = Notification.objects.get(recipient=person, kind="forum.mentioned")
        assert bell.actor is None
        assert "匿名" in bell.words["person"]


@pytest.mark.usefixtures("rounds")
def test_a_mask_is_told_before_it_is_taken_in_whom_it_does_not_reach(cast):
    make_crowd(cast)
    make_officers(cast)
    board = anonymous_board(cast)
    User.objects.filter(employee_number="20000").update(name=cast.deputy.name)
    with pytest.raises(ForumError, match=cast.deputy.name):
        send(cast.inspector, board, None, f"请@{cast.deputy.name}看看")
    assert not Waiting.objects.exists()
