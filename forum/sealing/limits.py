"""How often one person posts anonymously, counted in Valkey under a name that nobody can compute tomorrow. Without Valkey nobody posts anonymously (D2)."""

from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from redis import Redis
from redis.exceptions import RedisError

from forum.errors import ForumError, TooManyPostsError
from forum.sealing.months import name_of_day
from forum.sealing.rounds import next_moment, round_of

MOST_IN_ROUND = 3
MOST_IN_DAY = 20
PREFIX = "gongfang:forum"


def count_attempt(person_id: int) -> None:
    """Refuses too many in a round or a day. The counters end with the round and the day, never so long after the posting, which would tell its time."""
    now = timezone.now()
    name = name_of_day(person_id)
    limits = ((f"{PREFIX}:round:{round_of(now)}:{name}", MOST_IN_ROUND, next_moment(now)), (f"{PREFIX}:day:{name}", MOST_IN_DAY, _end_of_day(now)))
    try:
        with _client().pipeline() as pipe:
            for key, _most, end in limits:
                pipe.incr(key)
                pipe.expireat(key, end)
            counts = pipe.execute()[::2]
    except (RedisError, OSError):
        raise ForumError(_("Anonymous posting has to be counted, and cannot be at the moment. Try again in some minutes, or post under your name.")) from None
    if any(count > most for count, (_key, most, _end) in zip(counts, limits, strict=True)):
        raise TooManyPostsError(_("You have written a great deal in a short time. Wait a little and send it again; what you typed is kept."))


def note_sent(key: bytes) -> None:
    """This form has become a post. Where that cannot be noted, a second sending makes a second one."""
    try:
        _client().set(f"{PREFIX}:sent:{key.hex()}", 1, exat=_end_of_day(timezone.now()))
    except (RedisError, OSError):
        return


def was_sent(key: bytes) -> bool:
    try:
        return bool(_client().exists(f"{PREFIX}:sent:{key.hex()}"))
    except (RedisError, OSError):
        return False


def _end_of_day(now: datetime) -> datetime:
    return (timezone.localtime(now) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


@cache
def _client() -> Redis:
    return Redis.from_url(settings.VALKEY_URL, socket_timeout=1, socket_connect_timeout=1)
