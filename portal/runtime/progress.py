"""How far long work is. Kept in Valkey, for until the end nothing of it stands in the database; without Valkey there is just no figure."""

import json
from functools import cache

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

KEPT_SECONDS = 3600


def tell_progress(work: str, done: int, total: int) -> None:
    try:
        _client().set(_key(work), json.dumps([done, total]), ex=KEPT_SECONDS)
    except (RedisError, OSError):
        return


def read_progress(work: str) -> tuple[int, int] | None:
    """(done, total) of a work by its name, such as `roster:12`, or None where it is not known."""
    try:
        stored = _client().get(_key(work))
    except (RedisError, OSError):
        return None
    if not isinstance(stored, bytes):
        return None
    done, total = json.loads(stored)
    return done, total


@cache
def _client() -> Redis:
    return Redis.from_url(settings.VALKEY_URL, socket_timeout=1, socket_connect_timeout=1)


def _key(work: str) -> str:
    return f"gongfang:progress:{work}"
