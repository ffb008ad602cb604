"""The forum of the demo plant: boards with moderators, threads of half a year, some pinned, closed, reported."""

from datetime import timedelta
from html import escape

from django.utils import timezone

from forum.demo.texts import BOARDS, REPLIES, THREADS
from forum.models import Board, Case, Follow, Post, Report, Thread, ThreadRead
from portal.access.models import Audience
from portal.access.rules import EVERYONE, AudienceRule, department_token
from portal.access.services import refresh_people
from portal.access.standings import people_matching
from portal.accounts.models import User
from portal.organization.demo import Plant, register_content
from portal.organization.models import Duty, DutyHolding

MODERATOR = "10003"
DAYS = 180
EACH_TIMES = 8


def build_forum(plant: Plant) -> None:
    """Most of it is read by its moderator, so that what is new stands out."""
    moderator = User.objects.get(employee_number=MODERATOR)
    duty = Duty.objects.create(code="FORUM", name="论坛版主", name_en="Moderator of the forum", order=90)
    DutyHolding.objects.create(duty=duty, person=moderator, starts_on=plant.day - timedelta(days=300))
    refresh_people([moderator.pk])
    boards = [_board(plant, order, duty) for order in range(len(BOARDS))]
    threads = _threads(plant, boards)
    _posts(plant, threads)
    old = [thread for thread in threads if thread.last_post_at < timezone.now() - timedelta(days=6)]
    ThreadRead.objects.bulk_create([ThreadRead(person=moderator, thread=thread, number=thread.last_number) for thread in old])
    _report(threads)


def _board(plant: Plant, order: int, duty: Duty) -> Board:
    text = BOARDS[order]
    narrow = text.department in plant.departments
    rule = AudienceRule.of([department_token(plant.departments[text.department].pk) if narrow else EVERYONE])
    return Board.objects.create(
        name=text.name, name_en=text.name_en, purpose=text.purpose, order=10 * (order + 1), duty=duty, audience=Audience.objects.for_rule(rule)
    )


def _threads(plant: Plant, boards: list[Board]) -> list[Thread]:
    """Oldest first; the newest of each text are some hours old."""
    people = {board.pk: list(people_matching(board.audience.rule).order_by("pk")[:200]) for board in boards}
    now, drafts = timezone.now(), []
    for turn in range(EACH_TIMES):
        for place, (title, _body) in enumerate(THREADS):
            board = boards[place % len(boards)]
            author = plant.random.choice(people[board.pk])
            begun = now - timedelta(days=DAYS * turn / EACH_TIMES, hours=plant.random.randrange(1, 90) + place)
            number = plant.random.choice((1, 2, 3, 4, 6, 9, 14)) if turn or place else 24
            last = min(now - timedelta(minutes=7 + place), begun + timedelta(hours=plant.random.randrange(1, 60)))
            drafts.append(
                Thread(
                    board=board,
                    audience_id=board.audience_id,
                    title=title,
                    author=author,
                    created_at=begun,
                    last_number=number,
                    last_post_at=last if number > 1 else begun,
                    last_author=plant.random.choice(people[board.pk]) if number > 1 else author,
                    is_pinned=turn == 0 and title.startswith("11 月"),
                    closed_at=last if turn == 2 and place % 5 == 0 else None,
                )
            )
    return Thread.objects.bulk_create(sorted(drafts, key=lambda thread: thread.created_at))


def _posts(plant: Plant, threads: list[Thread]) -> None:
    bodies = dict(THREADS)
    people = {thread.audience_id: thread for thread in threads}
    crowd = {pk: list(people_matching(thread.audience.rule).order_by("pk").values_list("pk", flat=True)[:200]) for pk, thread in people.items()}
    posts, follows = [], []
    for thread in threads:
        length = thread.last_post_at - thread.created_at
        follows.append(Follow(person_id=thread.author_id or 0, thread=thread, level=Follow.Level.NEWS, since=thread.created_at))
        for number in range(1, thread.last_number + 1):
            is_last = number == thread.last_number
            author = thread.author_id if number == 1 else thread.last_author_id if is_last else plant.random.choice(crowd[thread.audience_id])
            text = bodies[thread.title] if number == 1 else plant.random.choice(REPLIES)
            at = thread.created_at + length * (number - 1) / max(1, thread.last_number - 1)
            posts.append(Post(thread=thread, number=number, author_id=author, body=f"<p>{escape(text)}</p>", created_at=at))
    Post.objects.bulk_create(posts, batch_size=1_000)
    Follow.objects.bulk_create(follows, ignore_conflicts=True)


def _report(threads: list[Thread]) -> None:
    """One post waits for a moderator."""
    thread = next(thread for thread in reversed(threads) if thread.last_number > 2)
    post = Post.objects.exclude(author__employee_number=MODERATOR).filter(thread=thread, number__gt=1).order_by("number").first()
    reporter = User.objects.active().exclude(pk=post.author_id if post else None).filter(employee_number="10004").first()
    if post is not None and reporter is not None:
        Report.objects.create(case=Case.objects.create(post=post), person=reporter, reason="点名指责同事，与主题无关")


register_content(60, build_forum)
