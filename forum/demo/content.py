"""The forum of the demo plant: boards with moderators, threads of two years and a half, some pinned, closed, reported, anonymous."""

from datetime import timedelta
from html import escape
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from forum.demo.texts import ANONYMOUS_THREADS, BOARDS, REPLIES, THREADS
from forum.models import Board, BoardMark, Case, Follow, KeyShare, Mask, Post, Report, RoleKey, Seal, Thread
from forum.sealing.envelopes import new_role_key, seal_author, wrap_key
from forum.sealing.models import Role
from forum.sealing.months import new_tag
from forum.sealing.rounds import moment_of, round_of
from portal.access.models import Audience, CapabilityGrant
from portal.access.rules import EVERYONE, AudienceRule, department_token, person_token
from portal.access.services import refresh_people
from portal.access.standings import people_matching
from portal.accounts.models import User
from portal.organization.demo import Plant, register_content
from portal.organization.models import Duty, DutyHolding

MODERATOR = "10003"
DAYS = 900
EACH_TIMES = 200  # 3,000 threads
LONG_TURNS = 8  # the newest of each text; older ones are short
PASSPHRASES = {Role.FIRST: "gongfang-2026-纪检", Role.SECOND: "gongfang-2026-工会"}
OFFICERS = {"10005": ("forum.unseal_first", Role.FIRST), "10006": ("forum.unseal_second", Role.SECOND)}
ANONYMOUS = 2  # the place of the board that takes anonymous posts


def build_forum(plant: Plant) -> None:
    """Nearly all of it is read by everyone, so that what is new stands out."""
    moderator = User.objects.get(employee_number=MODERATOR)
    duty = Duty.objects.create(code="FORUM", name="论坛版主", name_en="Moderator of the forum", order=90)
    DutyHolding.objects.create(duty=duty, person=moderator, starts_on=plant.day - timedelta(days=300))
    refresh_people([moderator.pk])
    boards = [_board(plant, order, duty) for order in range(len(BOARDS))]
    threads = _threads(plant, boards)
    _posts(plant, threads)
    _write_anonymously(plant, boards[ANONYMOUS])
    read_until = timezone.now() - timedelta(days=6)
    BoardMark.objects.bulk_create([BoardMark(person=person, read_until=read_until) for person in User.objects.active().employees()])
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
            lengths = (1, 2, 3, 4, 6, 9, 14) if turn < LONG_TURNS else (1, 1, 2, 2, 3)
            number = plant.random.choice(lengths) if turn or place else 24
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


def _write_anonymously(plant: Plant, board: Board) -> None:
    """The keys of both sides, under passphrases of the demo; and threads in which some wear masks, each sealed as any other."""
    publics: dict[Role, RoleKey] = {}
    for employee_number, (capability, role) in OFFICERS.items():
        officer = User.objects.filter(employee_number=employee_number).first()
        if officer is None:
            return
        CapabilityGrant.objects.create(capability=capability, audience=Audience.objects.for_rule(AudienceRule.of([person_token(officer.pk)])))
        public, private = new_role_key()
        key = publics[role] = RoleKey.objects.create(role=role, public=public)
        salt, wrapped = wrap_key(private, PASSPHRASES[role])
        code = KeyShare(key=key, officer=None, salt=salt, wrapped=wrapped)
        KeyShare.objects.bulk_create([KeyShare(key=key, officer=officer, salt=salt, wrapped=wrapped), code])
    refresh_people(list(User.objects.filter(employee_number__in=OFFICERS).values_list("pk", flat=True)))
    people = list(people_matching(board.audience.rule).order_by("pk")[:60])
    Board.objects.filter(pk=board.pk).update(allows_anonymous=True, crowd=people_matching(board.audience.rule).count())
    now = timezone.now()
    for place, (title, words) in enumerate(ANONYMOUS_THREADS):
        at = moment_of(round_of(now - timedelta(hours=5 + 30 * place)))
        writers = plant.random.sample(people, 3)
        with transaction.atomic():
            thread = Thread.objects.create(
                board=board,
                audience_id=board.audience_id,
                title=title,
                author=None,
                created_at=at,
                last_number=len(words),
                last_post_at=at + timedelta(hours=2),
                last_author=None,
                last_mask=1 + (len(words) - 1) % 3,
                mask_count=min(3, len(words)),
            )
            for number, text in enumerate(words, start=1):
                mask = 1 + (number - 1) % 3
                if number == mask:
                    month, tag = new_tag(thread.uuid, writers[mask - 1].pk)
                    Mask.objects.create(thread=thread, number=mask, tag=tag, month=month)
                uuid, said_at = uuid4(), at + timedelta(minutes=10 * number)
                post = Post.objects.create(thread=thread, number=number, author=None, mask=mask, uuid=uuid, body=f"<p>{escape(text)}</p>", created_at=said_at)
                box = seal_author(writers[mask - 1].pk, plant.day, uuid, bytes(publics[Role.FIRST].public), bytes(publics[Role.SECOND].public))
                Seal.objects.create(post=post, box=box, first_key=publics[Role.FIRST], second_key=publics[Role.SECOND])


def _report(threads: list[Thread]) -> None:
    """One post waits for a moderator."""
    thread = next(thread for thread in reversed(threads) if thread.last_number > 2)
    post = Post.objects.exclude(author__employee_number=MODERATOR).filter(thread=thread, number__gt=1).order_by("number").first()
    reporter = User.objects.active().exclude(pk=post.author_id if post else None).filter(employee_number="10004").first()
    if post is not None and reporter is not None:
        Report.objects.create(case=Case.objects.create(post=post), person=reporter, reason="点名指责同事，与主题无关")


register_content(60, build_forum)
