"""From what has changed to the feed: entries and their passages, with versions that only rise."""

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from time import monotonic
from typing import Any
from unicodedata import normalize

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from portal.foundation.locks import TakenError, alone, wait_for
from portal.foundation.storable import storable
from portal.organization.models import Department
from portal.outbox.troubles import is_everybodys, reason_of
from portal.search import locks
from portal.search.contents import shorten_leaders
from portal.search.models import Entry, Feed, Passage, Waiting
from portal.search.sources import Draft, Source, all_sources, source_for

logger = logging.getLogger(__name__)

AT_ONCE = 200
TURN = 10.0  # seconds, of what is read for the first time
REACHED_KEPT = 3_600
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=20), timedelta(hours=1)
PASSAGE = 1_200
LONGEST_NUMBER = 80
LONGEST_TEXT = 20_000_000
MOST_PASSAGES_HELD = 5_000
FACTS = (
    "include", "exclude", "level", "readers", "readers_level", "ends_at", "kind", "title", "names", "url",
    "department_id", "author_id", "file_type", "place", "dated_at", "number", "called",
)  # fmt: skip


@transaction.atomic
def feed_waiting() -> int:
    """Make the entries of some of what waits anew, the newest first; how many rows. One process at a time, so that versions rise in the order of commits."""
    wait_for(locks.FEED)
    waiting = Waiting.objects.filter(version__isnull=True)
    taken = list(waiting.filter(Q(due_at__isnull=True) | Q(due_at__lte=timezone.now())).order_by("-pk")[:AT_ONCE])
    ids: dict[str, set[int]] = defaultdict(set)
    for row in taken:
        ids[row.source].add(row.object_id)
    for code, object_ids in ids.items():
        # Read before the things are: a row that comes later may speak of what is not read yet.
        rows = dict(waiting.filter(source=code, object_id__in=object_ids).values_list("pk", "object_id"))
        source = source_for(code)
        refused = _write(source, object_ids) if source else {}
        Waiting.objects.filter(pk__in=[pk for pk, object_id in rows.items() if object_id not in refused]).update(version=last_version(), trouble="")
        for object_id, error in refused.items():
            _put_aside([pk for pk, place in rows.items() if place == object_id], error)
    return len(taken)


def feed_all(source: Source, ids: Iterable[int]) -> Iterator[int]:
    """Make the entries of all these things anew, in batches; yields how many are done. What cannot be read is put aside."""
    ids = sorted(ids)
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            wait_for(locks.FEED)
            for object_id, error in _write(source, set(ids[start : start + AT_ONCE])).items():
                thing = {"source": source.code, "object_id": object_id}
                row = Waiting.objects.filter(**thing, version__isnull=True).first() or Waiting.objects.create(**thing)
                _put_aside([row.pk], error)
        yield min(start + AT_ONCE, len(ids))


def missing_sources() -> list[Source]:
    """Those whose things the feed does not have yet."""
    made = set(Feed.objects.values_list("sources", flat=True).first() or [])
    return [source for source in all_sources() if source.code not in made]


def feed_missing() -> bool:
    """Make the feed of sources that it does not have; whether there were any.

    A turn is short, for others wait for the same worker; the next call goes on where it ended, or begins that source again where that is forgotten.
    """
    if not missing_sources():
        return False
    try:
        with alone(locks.MISSING_FEED):
            until = monotonic() + TURN
            for source in missing_sources():
                try:
                    if not _read_on(source, until):
                        break
                except Exception as error:
                    if is_everybodys(error):
                        raise
                    logger.exception("the source %s cannot be read; the others can", source.code)
    except TakenError:
        return False
    return True


def _read_on(source: Source, until: float) -> bool:
    """The things of a source from where the last turn ended, until this one ends; whether time is left."""
    reached = cache.get(_place_of(source)) or 0
    ids = [pk for pk in sorted(source.rows().values_list("pk", flat=True)) if pk > reached]
    for done in feed_all(source, ids):
        if monotonic() > until and done < len(ids):
            cache.set(_place_of(source), ids[done - 1], REACHED_KEPT)
            return False
    note_made([source])
    cache.delete(_place_of(source))
    return monotonic() <= until


def _place_of(source: Source) -> str:
    return f"search:reached:{Feed.objects.values_list('pk', flat=True).first()}:{source.code}"


@transaction.atomic
def note_made(sources: Iterable[Source]) -> None:
    """All things of these are in the feed."""
    feed = Feed.objects.select_for_update().get()
    feed.sources = sorted({*feed.sources, *(source.code for source in sources)})
    feed.save(update_fields=["sources"])


def feed_anew() -> None:
    """All is read once more within the beat; for those who have filled tables without a word to anybody."""
    Feed.objects.update(sources=[])
    cache.delete_many([_place_of(source) for source in all_sources()])


def forget_gone() -> int:
    """Drop the rows of what is gone, but for the newest: an index that has not heard of them has been rebuilt long since. Run when the engine has followed."""
    with transaction.atomic():
        wait_for(locks.FEED)
        return Entry.objects.filter(is_gone=True, version__lt=last_version()).delete()[0]


def passages_of(text: Iterable[tuple[int | None, str]]) -> Iterator[tuple[int | None, str]]:
    """Pages in pieces of some 1,200 characters, cut at the ends of lines and sentences where that can be. Empty ones are left out."""
    left = LONGEST_TEXT
    for page, words in text:
        words = shorten_leaders(normalize("NFC", storable(words).strip()[:left]))
        left -= len(words)
        start = 0
        while start < len(words):
            end = _cut(words, start)
            if piece := words[start:end].strip():
                yield page, piece
            start = end


def _cut(text: str, start: int) -> int:
    """Where the piece that begins there ends."""
    if len(text) - start <= PASSAGE * 5 // 4:
        return len(text)
    for sign in ("\n", "。", ". ", "；", "，", " "):
        at = text.rfind(sign, start + PASSAGE * 3 // 4, start + PASSAGE)
        if at > 0:
            return at + len(sign)
    return start + PASSAGE


class _Writer:
    """Writes the entries of things. What reads as before keeps its version, so that engines have nothing to do."""

    def __init__(self) -> None:
        self.last = last_version()
        self._paths = dict(Department.objects.values_list("pk", "path"))
        self._new: list[Entry] = []
        self._changed: list[Entry] = []
        self._passages: list[Passage] = []

    def write(self, source: Source, ids: set[int]) -> None:
        kept = {(entry.object_id, entry.part): entry for entry in Entry.objects.filter(source=source.code, object_id__in=ids)}
        seen: set[tuple[int, str]] = set()
        for object_id, draft in source.drafts(source.rows().filter(pk__in=ids)):
            if object_id in ids:
                seen.add((object_id, draft.part))
                self._take_draft(kept.get((object_id, draft.part)) or Entry(source=source.code, object_id=object_id, part=draft.part), draft)
            if len(self._passages) > MOST_PASSAGES_HELD:
                self._flush()
        for place, entry in kept.items():
            if place not in seen and not entry.is_gone:
                self._take_gone(entry)
        self._flush()

    def _take_draft(self, entry: Entry, draft: Draft) -> None:
        passages = list(passages_of(draft.text))
        fingerprint = _fingerprint(draft, passages, self._paths.get(draft.department_id or 0, ""))
        if entry.pk is not None and not entry.is_gone and bytes(entry.fingerprint) == fingerprint:
            return
        for name in FACTS:
            setattr(entry, name, getattr(draft, name))
        entry.names = [storable(name) for name in draft.names]
        entry.called = [storable(words) for words in draft.called]
        entry.number = storable(draft.number)[:LONGEST_NUMBER]
        entry.title = normalize("NFC", storable(draft.title))
        entry.is_gone = False
        entry.fingerprint = fingerprint
        entry.passage_count = len(passages)
        self._take(entry)
        self._passages += [Passage(entry=entry, number=number, page=page, text=text) for number, (page, text) in enumerate(passages)]

    def _take_gone(self, entry: Entry) -> None:
        """The row stays so that engines hear of it, without a word of what it said."""
        blank = Entry()
        for name in FACTS:
            setattr(entry, name, getattr(blank, name))
        entry.is_gone, entry.fingerprint, entry.passage_count = True, b"", 0
        self._take(entry)

    def _take(self, entry: Entry) -> None:
        self.last += 1
        entry.version = self.last
        (self._new if entry.pk is None else self._changed).append(entry)

    def _flush(self) -> None:
        Entry.objects.bulk_create(self._new)
        Entry.objects.bulk_update(self._changed, [*FACTS, "is_gone", "fingerprint", "version", "passage_count"])
        Passage.objects.filter(entry__in=self._changed).delete()
        for passage in self._passages:
            passage.entry_id = passage.entry.pk
        Passage.objects.bulk_create(self._passages, batch_size=500)
        self._new, self._changed, self._passages = [], [], []


def _write(source: Source, ids: set[int]) -> dict[int, str]:
    """Write the entries of these things; of those that cannot be read, why. What stands beside such a thing is written all the same."""
    try:
        with transaction.atomic():
            _Writer().write(source, ids)
        return {}
    except Exception as error:
        if not connection.is_usable():
            raise
        if len(ids) == 1:
            logger.exception("%s:%s cannot be read for the search and is put aside", source.code, *ids)
            return dict.fromkeys(ids, reason_of(error, longest=200))
    ordered = sorted(ids)
    middle = len(ordered) // 2
    return _write(source, set(ordered[:middle])) | _write(source, set(ordered[middle:]))


def _put_aside(rows: Iterable[int], trouble: str) -> None:
    """Tried again later, each time after twice as long."""
    rows = list(rows)
    attempts = Waiting.objects.filter(pk__in=rows).aggregate(most=Max("attempts"))["most"] or 0
    due_at = timezone.now() + min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts, 12))
    Waiting.objects.filter(pk__in=rows).update(attempts=F("attempts") + 1, due_at=due_at, trouble=trouble, hides=True)


def last_version() -> int:
    """The newest version in the feed; 0 where it is empty."""
    return int(Entry.objects.aggregate(last=Max("version"))["last"] or 0)


def _fingerprint(draft: Draft, passages: list[tuple[int | None, str]], path: str) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    facts: list[Any] = [path, *(getattr(draft, name) for name in FACTS)]
    digest.update(repr(facts).encode())
    for page, text in passages:
        digest.update(f"\x1e{page}\x1f{text}".encode())
    return digest.digest()
