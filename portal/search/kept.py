"""What is kept of searching: when one last looked, what was not found, and what editors put first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.audit.services import record
from portal.foundation.errors import PortalError
from portal.search.analysis.folding import fold
from portal.search.asking import Asked, understand
from portal.search.models import Entry, Look, Miss, Pin

SAME_VISIT = timedelta(minutes=30)
LOOKS_KEPT = timedelta(days=180)
MISSES_KEPT = timedelta(days=90)
# Words of one person alone might say who that is, or be what only they know.
FEWEST_SEEKERS = 2
MOST_PINS = 5
MOST_MISSED = 100
MISSED = """
    SELECT words, count(DISTINCT seeker), max(day) FROM search_miss, unnest(seekers) seeker
    WHERE NOT EXISTS (SELECT FROM search_pin pin JOIN search_entry entry ON entry.id = pin.entry_id AND NOT entry.is_gone WHERE pin.words = search_miss.words)
    GROUP BY words HAVING count(DISTINCT seeker) >= %s ORDER BY 2 DESC, 3 DESC, 1 LIMIT %s
"""


class PinError(PortalError):
    """A result that cannot be pinned."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Words that `seekers` people did not find, the last of them on that day."""

    words: str
    seekers: int
    last: date


@transaction.atomic
def note_look(question: str, *, actor: Any) -> None:
    """This person has looked at the answer to a question; what is published later will be new to them."""
    now = timezone.now()
    look, is_first = Look.objects.select_for_update().get_or_create(person=actor, digest=_digest(question), defaults={"looked_at": now})
    if not is_first:
        if now - look.looked_at > SAME_VISIT:
            look.before = look.looked_at
        look.looked_at = now
        look.save(update_fields=["looked_at", "before"])


def last_look(question: str, *, person: Any) -> datetime | None:
    """When this person last looked, before the present visit."""
    look = Look.objects.filter(person=person, digest=_digest(question)).first()
    if look is None:
        return None
    return look.looked_at if timezone.now() - look.looked_at > SAME_VISIT else look.before


def note_miss(asked: Asked, *, actor: Any) -> None:
    """Nothing was found for these words. A person counts once for them, by a mark that is another one for other words."""
    if not asked.plain:
        return
    mark = int.from_bytes(_keyed(f"{asked.plain} {actor.pk}")[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO search_miss (words, day, seekers) VALUES (%s, %s, ARRAY[%s]::bigint[])
            ON CONFLICT (words, day) DO UPDATE SET seekers = search_miss.seekers || EXCLUDED.seekers
            WHERE NOT search_miss.seekers @> EXCLUDED.seekers AND cardinality(search_miss.seekers) < 1000""",
            [asked.plain, timezone.localdate(), mark],
        )


def missed_words() -> list[Missed]:
    """What at least two people did not find, and nothing was put first for since, the most wanted first."""
    with connection.cursor() as cursor:
        cursor.execute(MISSED, [FEWEST_SEEKERS, MOST_MISSED])
        return [Missed(*row) for row in cursor.fetchall()]


@transaction.atomic
def pin_result(entry: Entry, *, words: str, actor: Any) -> Pin:
    """Put an entry first for these words, for everyone who may see it. Refuses more than five for the same words."""
    plain = understand(words).plain
    if not plain:
        raise PinError(_("Say for which words it shall stand first."))
    if Pin.objects.filter(words=plain).exclude(entry=entry).count() >= MOST_PINS:
        raise PinError(_("Five results stand first for these words already. Take one away before."))
    pin, is_new = Pin.objects.get_or_create(words=plain, entry=entry, defaults={"pinned_by": actor})
    if is_new:
        record(actor, "pin.added", pin, after={"words": plain, "entry": str(entry)})
    return pin


@transaction.atomic
def unpin_result(pin: Pin, *, actor: Any) -> None:
    record(actor, "pin.removed", pin, before={"words": pin.words, "entry": str(pin.entry)})
    pin.delete()


def pinned_for(asked: Asked) -> list[int]:
    """The entries that stand first for these words; whether one may see them is asked by whoever shows them."""
    return list(Pin.objects.filter(words=asked.plain, entry__is_gone=False).values_list("entry", flat=True)[:MOST_PINS]) if asked.plain else []


def forget_old() -> None:
    now = timezone.now()
    Look.objects.filter(looked_at__lt=now - LOOKS_KEPT).delete()
    Miss.objects.filter(day__lt=(now - MISSES_KEPT).date()).delete()


def question_of(asked: Asked, chosen: Iterable[tuple[str, str]]) -> str:
    """A question in one line, the same however it was written: what was typed, and what was chosen beside it."""
    return "&".join([fold(asked.text), *(f"{name}={value}" for name, value in sorted(chosen) if value)])


def _digest(question: str) -> bytes:
    return _keyed(question)


def _keyed(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=16, key=settings.SECRET_KEY.encode()[:64]).digest()
