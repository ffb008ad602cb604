"""Anonymous posts as the tests need them: a crowd, two sides with keys, a board that takes them, and rounds that pass."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from forum.models import Board, Post, Thread
from forum.sealing import envelopes, limits
from forum.services.masked import post_masked, release_waiting
from forum.services.unsealing import make_role_key
from portal.access.rules import AudienceRule, person_token
from portal.access.services import grant_capability
from portal.access.standings import refresh_standings
from portal.accounts.models import User
from portal.organization.models import Employment
from portal.organization.querysets import today
from tests.cast import Cast
from tests.forum.writing import EVERYBODY, fresh, make_board

FIRST_PASSPHRASE = "秋收 冬藏 四时 有序 一"
SECOND_PASSPHRASE = "春耕 夏耘 四时 有序 二"


def make_crowd(cast: Cast, count: int = 16) -> list[User]:
    """So many more operators, so that with the cast there are more than twenty who could have been it."""
    people = User.objects.bulk_create([User(employee_number=f"2{number:04}", name=f"操作工{number}", kind="employee") for number in range(count)])
    since = today() - timedelta(days=400)
    Employment.objects.bulk_create(
        [Employment(person=person, department=cast.shift, position=cast.operator_post, starts_on=since, is_primary=True) for person in people]
    )
    refresh_standings([person.pk for person in people])
    return people


def make_officers(cast: Cast) -> tuple[User, User, str]:
    """The salesperson keeps the key of 纪检, the deputy that of 工会; and the printed code of the first."""
    for code, officer in (("forum.unseal_first", cast.salesperson), ("forum.unseal_second", cast.deputy)):
        grant_capability(code, rule=AudienceRule.of([person_token(officer.pk)]), actor=cast.admin)
    printed = make_role_key(actor=fresh(cast.salesperson), passphrase=FIRST_PASSPHRASE)
    make_role_key(actor=fresh(cast.deputy), passphrase=SECOND_PASSPHRASE)
    return fresh(cast.salesperson), fresh(cast.deputy), printed


def anonymous_board(cast: Cast, name: str = "车间一线", rule: AudienceRule = EVERYBODY, **values: Any) -> Board:
    return make_board(cast, name, rule=rule, allows_anonymous=True, **values)


def send(author: User, board: Board, thread: Thread | None = None, words: str = "夜班加班费没发。", **values: Any) -> None:
    values = {"title": "" if thread is not None else "加班费", "key": uuid4()} | values
    post_masked(actor=fresh(author), board=board, thread=thread, words=words, **values)


def pass_round(minutes: int = 11) -> int:
    """What waits becomes posts."""
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        return release_waiting()


def reply_masked(author: User, thread: Thread, words: str = "我也没收到。", **values: Any) -> Post:
    """Sent and released."""
    send(author, thread.board, thread, words, **values)
    assert pass_round() == 1
    return Post.objects.select_related("thread__board", "thread__audience").get(thread=thread, number=Thread.objects.get(pk=thread.pk).last_number)


@pytest.fixture
def rounds(tmp_path, monkeypatch):
    """Keys of this test alone, counters that begin at nought, and passphrases that are stretched less."""
    monkeypatch.setattr(envelopes, "MEMORY", 1024)
    monkeypatch.setattr(envelopes, "PASSES", 1)
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    client = limits._client()
    if keys := client.keys(f"{limits.PREFIX}:*"):
        client.delete(*keys)
