"""S1 over all surfaces of the forum: what each shows equals what the rule says, computed naively over random plants; hidden, moved and anonymous ones too."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from forum.listing import unread_by_board
from forum.models import Board, Bookmark, Follow, Post, RoleKey, Seal, Thread
from forum.sealing.models import Role
from forum.services.moderation import move_thread
from forum.services.posts import POSTED
from portal.access.models import Audience
from portal.access.policies import can, viewers_of, visible_to
from portal.access.rules import EVERYONE, AudienceRule, person_token
from portal.access.services import grant_capability
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.attachments.services import hang_files, receive_file
from portal.live.topics import may_listen
from portal.organization.models import Department, Employment, Position
from portal.organization.querysets import today
from portal.outbox.services import enqueue
from portal.search.services import touch
from tests.access.test_oracle import build, descriptions, sees, spell
from tests.search.indexing import settle, start_afresh

STATES = ("open", "open", "hidden", "moved", "archived")
MARK = re.compile(r"记号(\d+)号")
OPENING, HIDDEN, WITHDRAWN, MASKED = 1, 2, 3, 4


class ForumOracleTest(HypothesisTestCase):
    @given(described=descriptions(), states=st.lists(st.sampled_from(STATES), min_size=4, max_size=4))
    @settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    def test_every_surface_shows_what_the_rule_allows_and_nothing_else(self, described: dict, states: list[str]) -> None:
        start_afresh()
        plant = build(described)
        self.author, self.moderator = make_people()
        rules = list(described["papers"])
        self.keys = [RoleKey.objects.create(role=role, public=b"-" * 32) for role in Role.values]
        boards = [make_board(place, AudienceRule.of(spell(plant, rule[0]), spell(plant, rule[1]), rule[2])) for place, rule in enumerate(rules)]
        self.threads = [self.make_thread(board, place, states[place], [*plant.people, self.moderator]) for place, board in enumerate(boards)]
        target = make_board(9, AudienceRule.of([EVERYONE]))
        for place, state in enumerate(states[: len(rules)]):
            if state == "moved":
                move_thread(actor=User.objects.get(pk=self.moderator.pk), thread=self.threads[place], board=target)
                rules[place] = ([("all",)], [], 0)
        self.threads = [Thread.objects.select_related("board", "audience").get(pk=thread.pk) for thread in self.threads]
        settle()
        for who, stale in enumerate(plant.people):
            person = User.objects.get(pk=stale.pk)
            readable = {place for place, rule in enumerate(rules) if states[place] != "hidden" and sees(described, who, rule)}
            self.hold_policies(person, readable, {OPENING, MASKED})
            is_kept_out = described["people"][who] == "customer" or described["people"][who] == "inactive"
            self.hold_pages(person, set() if is_kept_out else readable, {OPENING, MASKED}, files=set() if is_kept_out else readable)
        everything = set(range(len(rules)))
        moderator = User.objects.get(pk=self.moderator.pk)
        self.hold_policies(moderator, everything, {OPENING, HIDDEN, WITHDRAWN, MASKED})
        self.hold_pages(moderator, everything, {OPENING, HIDDEN, WITHDRAWN, MASKED}, files=everything)

    def hold_policies(self, person: User, expected: set[int], told: set[int]) -> None:
        known = dict(enumerate(self.threads))
        assert {place for place, thread in known.items() if can(person, "view", thread)} == expected
        assert set(visible_to(Thread, person).values_list("pk", flat=True)) == {known[place].pk for place in expected}
        assert {place for place, thread in known.items() if viewers_of(thread).filter(pk=person.pk).exists()} == (expected if person.is_active else set())
        posts = {(place, post.number): post for place, thread in known.items() for post in thread.posts.select_related("thread__board", "thread__audience")}
        readable = {(place, number) for place in expected for number in told}
        assert {key for key, post in posts.items() if can(person, "view", post)} == readable
        assert set(visible_to(Post, person).values_list("pk", flat=True)) == {posts[key].pk for key in readable}
        assert {place for place, thread in known.items() if may_listen(person, thread.topic)} == expected

    def hold_pages(self, person: User, expected: set[int], told: set[int], *, files: set[int]) -> None:
        """A file has the right of its post."""
        client = Client()
        client.force_login(person)
        titles = {10 * place for place in expected}
        texts = {10 * place + number for place in expected for number in told}
        findable = {10 * place + number for place in expected for number in (OPENING, MASKED) if self.threads[place].is_shown}
        for address, wanted in (
            (reverse("forum:front"), titles),
            (f"{reverse('forum:front')}?q=记号", titles),
            (f"{reverse('forum:front')}?show=unread", titles),
            (reverse("forum:bookmarks"), titles),
        ):
            assert shown_in(client.get(address)) == wanted, address
        for word in ("记号", "匿名"):
            found = shown_in(client.get(f"{reverse('search:search')}?q={word}"))
            assert {mark // 10 for mark in found} <= {mark // 10 for mark in findable}, word
        assert {mark for mark in shown_in(client.get(f"{reverse('search:search')}?q=记号&kind=thread")) if mark % 10} <= findable
        for place, thread in enumerate(self.threads):
            is_seen = place in expected
            own = {mark for mark in texts if mark // 10 == place}
            page = client.get(thread.get_absolute_url())
            assert (page.status_code == 200) is is_seen
            assert shown_in(page) == ({10 * place, *own} if is_seen else set())
            printed = client.get(reverse("forum:thread_print", args=[thread.pk]))
            assert shown_in(printed) == shown_in(page)
            arrived = client.get(f"{reverse('forum:arrivals', args=[thread.pk])}?since=0&first=1&last=4")
            assert shown_in(arrived) == own
            for post in thread.posts.all():
                may = is_seen and post.number in told
                assert (client.get(reverse("forum:history", args=[post.pk])).status_code == 200) is may
                assert (client.get(post.get_absolute_url()).status_code == 302 and client.get(post.get_absolute_url())["Location"] != "/") or not may
                for file in self.files.get(post.pk, ()):
                    assert (client.get(reverse("attachments:file", args=[file])).status_code == 200) is (place in files and post.number in told)
        if expected:
            unread = unread_by_board(User.objects.get(pk=person.pk))
            assert sum(unread.values()) == len({place for place in expected if self.threads[place].is_shown})

    def make_thread(self, board: Board, place: int, state: str, people: list[User]) -> Thread:
        """A post of each kind; a file on the first two; followed and marked by all, whoever may see it."""
        self.files = getattr(self, "files", {})
        now = timezone.now()
        thread = Thread.objects.create(
            board=board,
            audience=board.audience,
            title=f"记号{10 * place}号",
            author=self.author,
            last_author=self.author,
            last_number=4,
            mask_count=1,
            cursor=4,
            is_shown=state != "hidden",
        )
        kinds = {HIDDEN: {"hidden_at": now, "hidden_by": self.moderator, "hidden_reason": "不妥"}, WITHDRAWN: {"withdrawn_at": now}}
        with transaction.atomic():
            for number in (OPENING, HIDDEN, WITHDRAWN, MASKED):
                voice = {"author": None, "mask": 1, "uuid": uuid4()} if number == MASKED else {"author": self.author}
                mark = f"记号{10 * place + number}号"
                post = Post.objects.create(thread=thread, number=number, body=f"<p>{mark}</p>", changed_in=number, **voice, **kinds.get(number, {}))
                if number == MASKED:
                    Seal.objects.create(post=post, box=b"-", first_key=self.keys[0], second_key=self.keys[1])
                else:
                    file = receive_file(actor=self.author, name="附表.txt", content=BytesIO(mark.encode()))
                    hang_files(actor=self.author, about=post, shown=[file.pk])
                    self.files[post.pk] = [file.pk]
                Bookmark.objects.bulk_create([Bookmark(person=person, post=post) for person in people])
        Follow.objects.bulk_create([Follow(person=person, thread=thread, level="all") for person in people])
        Board.objects.filter(pk=board.pk).update(archived_at=now if state == "archived" else None)
        Thread.objects.filter(pk=thread.pk).update(last_post_at=now - timedelta(minutes=1))
        touch(Post, Post.objects.filter(thread=thread).values_list("pk", flat=True))
        enqueue(POSTED, {"post_id": post.pk})
        return Thread.objects.select_related("board", "audience").get(pk=thread.pk)


def make_board(place: int, rule: AudienceRule) -> Board:
    return Board.objects.create(name=f"版块{place}", audience=Audience.objects.for_rule(rule))


def make_people() -> tuple[User, User]:
    """Who wrote, and sees nothing any more; and who moderates everything by name."""
    department = Department.objects.create(code="OUT", name="外部门")
    department.path = f"{department.pk}/"
    department.save()
    author = User.objects.create(employee_number="author", name="作者")
    moderator = User.objects.create(employee_number="moderator", name="版主")
    post = Position.objects.create(code="OUT", name="版务", clearance=4)
    Employment.objects.create(person=moderator, department=department, position=post, starts_on=today() - timedelta(days=9))
    refresh_standings([moderator.pk])
    grant_capability(
        "forum.moderate",
        rule=AudienceRule.of([person_token(moderator.pk)]),
        actor=User.objects.create(employee_number="granter", name="管理员", is_superuser=True),
    )
    return author, User.objects.get(pk=moderator.pk)


def shown_in(response) -> set[int]:
    return {int(number) for number in MARK.findall(response.content.decode().replace("<mark>", "").replace("</mark>", ""))}
