"""From what has changed to the feed: entries and their passages, with versions that only rise."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from portal.organization.models import Department
from portal.search.models import Entry, Passage, Waiting
from portal.search.sources import Draft, Source, source_for

FEED_LOCK = 482231
AT_ONCE = 200
PASSAGE = 1_200
LONGEST_TEXT = 20_000_000
MOST_PASSAGES_HELD = 5_000
FACTS = ("audience_id", "ends_at", "kind", "title", "names", "url", "department_id", "author_id", "file_type", "dated_at")


@transaction.atomic
def feed_waiting() -> int:
    """Make the entries of some of what waits anew, the newest first; how many things. One process at a time, so that versions rise in the order of commits."""
    _lock()
    waiting = list(Waiting.objects.filter(version__isnull=True).order_by("-pk")[:AT_ONCE])
    ids: dict[str, set[int]] = defaultdict(set)
    for row in waiting:
        ids[row.source].add(row.object_id)
    writer = _Writer()
    for code, object_ids in ids.items():
        if source := source_for(code):
            writer.write(source, object_ids)
    Waiting.objects.filter(pk__in=[row.pk for row in waiting]).update(version=writer.last)
    return len(waiting)


def feed_all(source: Source, ids: Iterable[int]) -> Iterator[int]:
    """Make the entries of all these things anew, in batches; yields how many are done."""
    ids = sorted(ids)
    for start in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            _lock()
            _Writer().write(source, set(ids[start : start + AT_ONCE]))
        yield min(start + AT_ONCE, len(ids))


def forget_gone() -> int:
    """Drop the rows of what is gone, but for the newest: an index that has not heard of them has been rebuilt long since. Run when the engine has followed."""
    with transaction.atomic():
        _lock()
        return Entry.objects.filter(is_gone=True, version__lt=_last_version()).delete()[0]


def passages_of(text: Iterable[tuple[int | None, str]]) -> Iterator[tuple[int | None, str]]:
    """Pages in pieces of some 1,200 characters, cut at the ends of lines and sentences where that can be. Empty ones are left out."""
    left = LONGEST_TEXT
    for page, words in text:
        words = words.replace("\x00", "").strip()[:left]
        left -= len(words)
        while words:
            end = _cut(words)
            if piece := words[:end].strip():
                yield page, piece
            words = words[end:]


def _cut(text: str) -> int:
    if len(text) <= PASSAGE * 5 // 4:
        return len(text)
    for sign in ("\n", "。", ". ", "；", "，", " "):
        at = text.rfind(sign, PASSAGE * 3 // 4, PASSAGE)
        if at > 0:
            return at + len(sign)
    return PASSAGE


class _Writer:
    """Writes the entries of things. What reads as before keeps its version, so that engines have nothing to do."""

    def __init__(self) -> None:
        self.last = _last_version()
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
        entry.names = list(draft.names)
        entry.title = draft.title.replace("\x00", "")
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


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FEED_LOCK])


def _last_version() -> int:
    return int(Entry.objects.aggregate(last=Max("version"))["last"] or 0)


def _fingerprint(draft: Draft, passages: list[tuple[int | None, str]], path: str) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    facts: list[Any] = [path, *(getattr(draft, name) for name in FACTS)]
    digest.update(repr(facts).encode())
    for page, text in passages:
        digest.update(f"\x1e{page}\x1f{text}".encode())
    return digest.digest()
