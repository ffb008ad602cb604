"""D1 and S35 for the forum: workers killed while a round is released, and two hundred acts at once on one thread."""

import os
import random
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing import get_context

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from forum.errors import ForumError
from forum.models import Mask, Post, PostRevision, Thread, Waiting
from forum.services.masked import release_waiting
from forum.services.moderation import hide_post, move_thread, restore_post, set_closed
from forum.services.posts import edit_post, post_reply, withdraw_post
from portal.audit.models import AuditRecord
from portal.outbox.models import Effect, Trouble
from tests.cast import Cast
from tests.forum.masked import anonymous_board, make_crowd, make_officers, rounds, send
from tests.forum.writing import fresh, let_moderate_all, make_board, make_thread

__all__ = ["rounds"]
pytestmark = [pytest.mark.drill, pytest.mark.django_db(transaction=True)]

SENT, KILLS, PATIENCE = 60, 5, 60.0
THREADS, ACTS = 20, 200
LATER = timedelta(minutes=11)


def _release() -> None:
    """A worker of its own, with a connection of its own, eleven minutes later."""
    with time_machine.travel(timezone.now() + LATER):
        release_waiting()


def _kill_after(released: int) -> None:
    """Let a worker release until so many are there, and end it wherever it is then."""
    connection.close()  # a child has no part in it
    worker = get_context("fork").Process(target=_release)
    worker.start()
    assert worker.pid is not None
    deadline = time.monotonic() + PATIENCE
    try:
        while Post.objects.filter(author=None).count() < released:
            assert time.monotonic() < deadline, "the worker did not begin"
            time.sleep(0.001)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()


@pytest.mark.usefixtures("rounds")
def test_workers_killed_while_they_release_lose_and_double_no_anonymous_post(cast: Cast) -> None:
    crowd = make_crowd(cast, SENT)
    make_officers(cast)
    board = anonymous_board(cast)
    thread = make_thread(board, cast.head)
    for number in range(SENT):
        send(crowd[number % len(crowd)], board, thread if number % 6 else None, f"第 {number} 条", title="" if number % 6 else f"帖 {number}")
    sent = set(Waiting.objects.values_list("uuid", flat=True))
    assert len(sent) == SENT
    for kill in range(KILLS):
        _kill_after((kill + 1) * 8)
    assert Waiting.objects.exists(), "all was released before the last worker was killed"
    connection.close()
    Trouble.objects.update(due_at=timezone.now())  # what was in a dead worker's hand is waited for
    _release()
    masked = Post.objects.filter(author=None)
    assert set(masked.values_list("uuid", flat=True)) == sent
    assert masked.count() == SENT == AuditRecord.objects.filter(verb="post.released").count()
    assert not Waiting.objects.exists()
    for each in Thread.objects.all():
        assert list(each.posts.order_by("number").values_list("number", flat=True)) == list(range(1, each.last_number + 1))
        assert sorted(Mask.objects.filter(thread=each).values_list("number", flat=True)) == list(range(1, each.mask_count + 1))
    assert Effect.objects.filter(kind="forum.posted").count() == SENT + 1


def test_two_hundred_acts_at_once_on_one_thread_leave_numbers_without_gaps(cast: Cast) -> None:
    let_moderate_all(cast, cast.director)
    boards = [make_board(cast), make_board(cast, "工艺质量")]
    writers = [cast.head, cast.inspector, cast.operator, cast.salesperson]
    thread = make_thread(boards[0], cast.head, *writers)
    done: Counter[str] = Counter()

    def act(number: int) -> None:
        draw = random.Random(number)
        post = draw.choice(list(Post.objects.select_related("author", "thread__board").filter(thread=thread)))
        moderator, verb = fresh(cast.director), draw.choice(["reply"] * 8 + ["edit", "edit", "hide", "restore", "withdraw", "move", "close"])
        acts = {
            "reply": lambda: post_reply(actor=fresh(draw.choice(writers)), thread=post.thread, body=f"<p>{number}</p>"),
            "edit": lambda: edit_post(actor=post.author, post=post, body=f"<p>改 {number}</p>"),
            "hide": lambda: hide_post(actor=moderator, post=post, reason="不妥"),
            "restore": lambda: restore_post(actor=moderator, post=post, reason="看过了"),
            "withdraw": lambda: withdraw_post(actor=post.author, post=post),
            "move": lambda: move_thread(actor=moderator, thread=post.thread, board=draw.choice(boards)),
            "close": lambda: set_closed(actor=moderator, thread=post.thread, wanted=False),
        }
        try:
            acts[verb]()
            done[verb] += 1
        except (ForumError, PermissionDenied):
            done["refused"] += 1
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(act, range(ACTS)))
    thread = Thread.objects.select_related("board", "audience").get(pk=thread.pk)
    assert done.total() == ACTS
    assert thread.last_number == 5 + done["reply"] == thread.posts.count()
    assert list(thread.posts.order_by("number").values_list("number", flat=True)) == list(range(1, thread.last_number + 1))
    assert thread.audience_id == thread.board.audience_id
    assert PostRevision.objects.count() == AuditRecord.objects.filter(verb="post.edited").count()
    assert AuditRecord.objects.filter(verb="post.written").count() == thread.last_number
