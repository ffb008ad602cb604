"""Numbers of the frame (unread, waiting), kept in Valkey for some seconds, so that not every page counts them.

What is kept bears the stamps of all that moves it: its person's, everybody's, and that of each kind of topic that moves it. They are read before anything
is counted, and whatever changes a number puts other ones once it has committed. So what was counted before a change is not taken for what holds after it,
however late it is written down. Where Valkey is away or hangs, everything is counted.
"""

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from portal.foundation.navigation import all_navigation
from portal.live.topics import is_of_person, kind_and_key
from portal.outbox.breaker import Breaker

logger = logging.getLogger(__name__)

Value = TypeVar("Value")
FORMAT = 1  # of what is kept; another one for a release that keeps something else
STAMPS_LAST = 3600  # seconds; longer than anything is kept, and than a page takes
LONGEST_WAIT = 0.4
EVERYBODY = "everybody"
server = Breaker(pause=5.0, patience=LONGEST_WAIT / 2)


class Kept:
    """What is kept for one person, read at the beginning of a request. `stamps` are as they were then."""

    def __init__(self, person_id: int, stamps: dict[str, str], entries: dict[str, Any]) -> None:
        self.person_id, self.stamps, self.entries = person_id, stamps, entries
        self.begun = time.time()
        self.is_changed = False

    def get(self, name: str, count: Callable[[], Value], moved_by: Sequence[str] = ()) -> Value:
        """Numbers, alone or several in a list."""
        stamp = " ".join(self.stamps.get(one, "") for one in (_of_person(self.person_id), EVERYBODY, *map(_of_kind, moved_by)))
        known_stamp, counted_at, value = self.entries.get(name, (None, 0, None))
        if known_stamp == stamp and 0 <= self.begun - counted_at < settings.COUNTS_SECONDS:
            return value  # type: ignore[no-any-return]
        value = count()
        self.entries[name] = (stamp, self.begun, value)
        self.is_changed = True
        return value

    def write(self) -> None:
        if self.is_changed:
            key, stored = _key(_kept_for(self.person_id)), json.dumps(self.entries)
            _ask(lambda client: client.set(key, stored, ex=settings.COUNTS_SECONDS))


def read_kept(person_id: int) -> Kept | None:
    """None where nothing is kept, or Valkey does not answer."""
    if not settings.COUNTS_SECONDS:
        return None
    names = [_of_person(person_id), EVERYBODY, *map(_of_kind, sorted(_moving_kinds()))]
    found = _ask(lambda client: client.mget([_key(_kept_for(person_id)), *map(_key, names)]))
    if found is None:
        return None
    stored, *stamps = found
    return Kept(person_id, {name: stamp.decode() for name, stamp in zip(names, stamps, strict=True) if stamp}, json.loads(stored or b"{}"))


def forget_topics(topics: Iterable[str]) -> bool:
    """What these topics move, when they are rung: the numbers of a person, or those of a kind for everybody."""
    kinds, moved = _moving_kinds(), set()
    for kind, key in filter(None, map(kind_and_key, topics)):
        if kind in kinds:
            moved.add(_of_kind(kind))
        elif is_of_person(kind):
            moved.add(_of_person(key))
    return _forget(moved)


def forget_people(user_ids: Collection[int] | None) -> bool:
    """All numbers of these people, or of everyone; false where Valkey could not be told."""
    return _forget({EVERYBODY} if user_ids is None else {_of_person(pk) for pk in user_ids})


def _forget(names: Collection[str]) -> bool:
    if not names or not settings.COUNTS_SECONDS:
        return True

    def put_stamps(client: Redis) -> bool:
        stamp = secrets.token_hex(8)
        with client.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.set(_key(name), stamp, ex=STAMPS_LAST)
            pipe.execute()
        return True

    return _ask(put_stamps) is not None


def _ask(act: Callable[[Redis], Any]) -> Any:
    """Never raises; None where there is no answer."""
    if not server.may_try():
        return None
    try:
        with server.attempt():
            return act(_client())
    except (RedisError, OSError) as error:
        logger.info("the numbers of the frame cannot be kept: %r", error)  # /readyz says so loudly enough
        return None


def _moving_kinds() -> set[str]:
    return {kind for item in all_navigation() for kind in item.moved_by}


def _of_person(user_id: int | str) -> str:
    return f"person:{user_id}"


def _of_kind(kind: str) -> str:
    return f"kind:{kind}"


def _kept_for(user_id: int) -> str:
    return f"kept:{user_id}"


def _key(name: str) -> str:
    return f"{_prefix(settings.SECRET_KEY)}:{name}"


@cache
def _prefix(secret: str) -> str:
    """Another one for each plant, should several share a Valkey."""
    return f"gongfang:counts:{FORMAT}:{hashlib.sha256(f'counts {secret}'.encode()).hexdigest()[:16]}"


@cache
def _client() -> Redis:
    return Redis.from_url(settings.VALKEY_URL, socket_timeout=LONGEST_WAIT, socket_connect_timeout=LONGEST_WAIT, retry=Retry(NoBackoff(), 0))
