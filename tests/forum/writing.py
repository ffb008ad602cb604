"""Boards, threads and posts, written by the services, as the tests need them."""

from typing import Any

from forum.models import Board, Post, Thread
from forum.services.boards import create_board
from forum.services.posts import post_reply, start_thread
from portal.access.rules import AudienceRule, department_token, person_token
from portal.access.services import grant_capability
from portal.accounts.models import User
from portal.organization.models import Duty
from portal.organization.querysets import today
from portal.organization.services.duties import give_duty
from tests.cast import Cast

EVERYBODY = AudienceRule.of(["all"])


def fresh(person: User) -> User:
    """As a new request loads somebody: nothing is remembered."""
    return User.objects.get(pk=person.pk)


def make_board(cast: Cast, name: str = "班组之家", *, rule: AudienceRule = EVERYBODY, duty: Duty | None = None, **values: Any) -> Board:
    return create_board(actor=cast.admin, name=name, rule=rule, duty=duty, **values)


def quality_board(cast: Cast, **values: Any) -> Board:
    """For 质检科 alone: 李敏, 王伟, 赵静."""
    return make_board(cast, "质检内部", rule=AudienceRule.of([department_token(cast.quality.pk)]), **values)


def moderators_duty(cast: Cast, *people: User) -> Duty:
    """A duty of these people, who hold it today."""
    duty = Duty.objects.create(code="FORUM", name="论坛版主")
    for person in people:
        give_duty(actor=cast.admin, duty=duty, person=person, starts_on=today())
    return duty


def make_thread(board: Board, author: User, *replies: User, title: str = "换牌号时 5 号嘴棒发射机总堵", body: str = "<p>每次都堵。</p>") -> Thread:
    """A thread with a reply by each of these."""
    thread = start_thread(actor=fresh(author), board=board, title=title, body=body)
    for number, person in enumerate(replies, start=2):
        post_reply(actor=fresh(person), thread=thread, body=f"<p>第 {number} 楼</p>")
    return Thread.objects.select_related("board", "audience").get(pk=thread.pk)


def post_of(thread: Thread, number: int) -> Post:
    return Post.objects.select_related("author", "thread__board", "thread__audience").get(thread=thread, number=number)


def let_moderate_all(cast: Cast, person: User) -> None:
    grant_capability("forum.moderate", rule=AudienceRule.of([person_token(person.pk)]), actor=cast.admin)
