"""Lists of threads against a naive reading: order, what is new, counts, and pages that show each thread once."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from forum.listing import PER_PAGE, ThreadList, board_rows, unread_by_board, unread_count
from forum.models import BoardMark, Follow, Thread, ThreadRead
from forum.services.posts import post_reply
from forum.services.reading import mark_all_read, mark_read
from portal.access.rules import AudienceRule, department_token
from tests.forum.writing import EVERYBODY, fresh, make_board, make_thread


def test_lists_and_counts_are_those_of_a_naive_reading(cast):
    random, now = Random(16), timezone.now()
    rules = [EVERYBODY, AudienceRule.of([department_token(cast.quality.pk)]), AudienceRule.of([department_token(cast.sales.pk)])]
    boards = [make_board(cast, f"版块{number}", rule=rule) for number, rule in enumerate(rules)]
    reader = cast.inspector
    threads = []
    for number in range(90):
        board = random.choice(boards)
        threads.append(
            Thread.objects.create(
                board=board,
                audience=board.audience,
                title=f"帖子 {number}",
                author=cast.head,
                last_author=cast.head,
                last_number=random.randrange(1, 6),
                last_post_at=now - timedelta(hours=random.randrange(0, 24 * 100)),
                is_shown=random.random() > 0.1,
                is_pinned=random.random() < 0.05,
            )
        )
    for thread in threads:
        if random.random() < 0.6:
            ThreadRead.objects.create(person=reader, thread=thread, number=random.randrange(1, thread.last_number + 1))
        if random.random() < 0.1:
            Follow.objects.create(person=reader, thread=thread, level="muted")
    BoardMark.objects.create(person=reader, board=None, read_until=now - timedelta(days=60))
    BoardMark.objects.create(person=reader, board=boards[0], read_until=now - timedelta(days=20))
    BoardMark.objects.create(person=reader, board=boards[1], read_until=now - timedelta(days=80))

    seen = [thread for thread in threads if thread.is_shown and thread.board in boards[:2]]
    read = dict(ThreadRead.objects.filter(person=reader).values_list("thread", "number"))
    muted = set(Follow.objects.filter(person=reader).values_list("thread", flat=True))
    floors = {boards[0].pk: now - timedelta(days=20), boards[1].pk: now - timedelta(days=60)}
    new = {thread.pk for thread in seen if thread.last_post_at > floors[thread.board_id] and thread.last_number > read.get(thread.pk, 0)}

    for board in (None, *boards[:2]):
        wanted = sorted([thread for thread in seen if board in (None, thread.board)], key=lambda thread: (thread.last_post_at, thread.pk), reverse=True)
        pinned = [thread for thread in wanted if thread.is_pinned] if board is not None else []
        rest = [thread for thread in wanted if thread not in pinned]
        shown_pinned, shown, after = [], [], ""
        while True:
            page = ThreadList(fresh(reader), board).page(after)
            shown_pinned += page.pinned
            rows = [*page.unread, *page.read]
            assert len(rows) <= PER_PAGE
            assert all(row.is_unread for row in page.unread)
            assert not any(row.is_unread for row in page.read)
            shown += rows
            after = page.after
            if not after:
                break
        assert [row.thread.pk for row in shown_pinned] == [thread.pk for thread in pinned]
        assert [row.thread.pk for row in shown] == [thread.pk for thread in sorted(rest, key=lambda thread: thread.pk not in new)]
        assert {row.thread.pk for row in [*shown, *shown_pinned] if row.is_unread} == {thread.pk for thread in wanted if thread.pk in new}

    counted = {board.pk: len([thread for thread in seen if thread.board == board and thread.pk in new - muted]) for board in boards[:2]}
    assert unread_by_board(fresh(reader)) == {pk: number for pk, number in counted.items() if number}
    assert unread_count(fresh(reader)) == sum(counted.values())
    assert {row.board.pk: row.unread for row in board_rows(fresh(reader))} == counted


def test_chips_narrow_the_list(cast):
    board = make_board(cast)
    values = {"board": board, "audience": board.audience, "author": cast.head, "last_author": cast.head}
    own = Thread.objects.create(**values | {"author": cast.inspector}, title="我的", last_number=2)
    alone = Thread.objects.create(**values, title="没人回", last_number=1)
    Follow.objects.create(person=cast.inspector, thread=own, level="news")
    ThreadRead.objects.create(person=cast.inspector, thread=own, number=2)

    def titles(chip: str, words: str = "") -> list[str]:
        page = ThreadList(fresh(cast.inspector), board, chip=chip, words=words).page()
        return [row.thread.title for row in (*page.pinned, *page.unread, *page.read)]

    assert titles("unread") == [alone.title]
    assert titles("followed") == titles("mine") == [own.title]
    assert titles("unanswered") == [alone.title]
    assert titles("", "人回") == [alone.title]


def test_whoever_has_read_everything_is_asked_about_nothing_before_and_misses_nothing_after(cast):
    first, second = (make_thread(make_board(cast, name), cast.head) for name in ("甲版", "乙版"))
    Thread.objects.update(last_post_at=timezone.now() - timedelta(minutes=5))
    mark_read(actor=fresh(cast.inspector), thread=first, number=1)
    assert not BoardMark.objects.exists(), "the other one is new still"
    mark_read(actor=fresh(cast.inspector), thread=second, number=1)
    mark = BoardMark.objects.get(person=cast.inspector, board=None)
    assert mark.read_until > timezone.now() - timedelta(minutes=2)
    post_reply(actor=fresh(cast.head), thread=first, body="<p>还有</p>")
    assert unread_count(fresh(cast.inspector)) == 1
    mark_all_read(actor=fresh(cast.inspector))
    raised = BoardMark.objects.get(person=cast.inspector, board=None).read_until
    mark_read(actor=fresh(cast.inspector), thread=first, number=2)
    assert BoardMark.objects.get(person=cast.inspector, board=None).read_until == raised, "a mark only rises"
